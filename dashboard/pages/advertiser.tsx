import type { Organization } from "../../shared/api/organizations.ts";
import { mayReadMoney } from "../may.ts";
import { useNames } from "../names.ts";
import { listMetrics, moneyColumns, rowsBy } from "../parts/manage/money-columns.tsx";
import { OrganizationPage, type PageRange } from "../parts/manage/organization-head.tsx";
import { RangeFigures, useRangeReport } from "../parts/manage/range-figures.tsx";
import { StatementsSection } from "../parts/manage/statements-section.tsx";
import { Status } from "../parts/manage/status.tsx";
import { Section } from "../parts/page.tsx";
import { Table } from "../parts/table.tsx";
import { useReport } from "../report.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { STANDING_GLYPHS, STANDING_WORDS, standingOf } from "./campaign/sentence.ts";
import { LatestCalls } from "./publisher/latest-calls.tsx";
import { owesSentence } from "./publisher/sentence.ts";

/** One advertiser as its network sees it: what it owes for the range, its campaigns, its latest calls. */
export default function AdvertiserPage({ params }: PageProps) {
  return (
    <OrganizationPage kind="advertiser" id={params.id ?? ""}>
      {(advertiser, page) => <Body advertiser={advertiser} page={page} />}
    </OrganizationPage>
  );
}

function Body({ advertiser, page }: { advertiser: Organization; page: PageRange }) {
  const me = useMe();
  const { range } = page;
  const { zone } = range;
  const report = useRangeReport("network", range, { advertiser_id: advertiser.id });
  const own = useNames().campaigns.filter(({ advertiser_id }) => advertiser_id === advertiser.id);
  const [only] = own;
  return (
    <>
      <section class="advice" aria-label="In short">
        <div>
          <p>
            {report.data ? owesSentence(advertiser.name, report.data.totals, report.data.currency) : "\u00a0"}
          </p>
          <p>
            {own.length === 0 ? (
              <>
                It has no campaign yet. <a href="/campaigns?do=new">Make its first one</a>.
              </>
            ) : (
              "Owed is what is qualified, held or paid; reversals are taken off."
            )}
          </p>
        </div>
      </section>
      <RangeFigures kind="network" report={report} zone={zone} />
      {own.length > 0 && <Campaigns advertiser={advertiser} page={page} />}
      {mayReadMoney(me) && <StatementsSection whose={{ ...advertiser, side: "advertiser" }} zone={zone} />}
      {own.length === 1 && only && (
        <LatestCalls
          filters={{ campaign_id: only.id }}
          href={`/calls?campaign_id=${only.id}&range=28d`}
          zone={zone}
          empty="No call yet."
        />
      )}
    </>
  );
}

function Campaigns({ advertiser, page }: { advertiser: Organization; page: PageRange }) {
  const own = useNames().campaigns.filter(({ advertiser_id }) => advertiser_id === advertiser.id);
  const report = useReport({
    group_by: "campaign_id",
    metrics: listMetrics("network"),
    advertiser_id: advertiser.id,
    timezone: page.range.zone,
    from: page.range.from,
    to: page.range.to,
  });
  const rows = rowsBy(report.data, "campaign_id");
  return (
    <Section id="campaigns" title="Campaigns">
      <Table
        caption={`Campaigns of ${advertiser.name}`}
        keys={false}
        rows={own}
        rowKey={({ id }) => id}
        columns={[
          {
            id: "name",
            label: "Campaign",
            cell: ({ id, name }) => <a href={`/campaigns/${id}`}>{name}</a>,
            ...(report.data === null ? {} : { total: "All calls" }),
          },
          {
            id: "stands",
            label: "Stands",
            fold: 1,
            cell: (campaign) => {
              const standing = standingOf(campaign);
              return <Status glyph={STANDING_GLYPHS[standing]}>{STANDING_WORDS[standing]}</Status>;
            },
          },
          ...moneyColumns<(typeof own)[number]>("network", report.data, ({ id }) => rows.get(id)),
        ]}
      />
    </Section>
  );
}
