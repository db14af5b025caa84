import type { Organization } from "../../shared/api/organizations.ts";
import { mayReadMoney } from "../may.ts";
import { useNames } from "../names.ts";
import { OrganizationPage, type PageRange } from "../parts/manage/organization-head.tsx";
import { RangeFigures, useRangeReport } from "../parts/manage/range-figures.tsx";
import { StatementsSection } from "../parts/manage/statements-section.tsx";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { DueSection } from "./publisher/due-trail.tsx";
import { Earnings } from "./publisher/earnings.tsx";
import { EnrolledIn } from "./publisher/enrolled-in.tsx";
import { LatestCalls } from "./publisher/latest-calls.tsx";
import { LinksSection } from "./publisher/links-section.tsx";
import { Proofs } from "./publisher/proofs.tsx";
import { broughtSentence } from "./publisher/sentence.ts";
import { UnpaidSection } from "./publisher/unpaid-section.tsx";

/** One publisher: to its network what it brought and what proves it, to itself what it earned. */
export default function PublisherPage({ params }: PageProps) {
  const me = useMe();
  if (me.organization.id === params.id) return <Earnings />;
  return (
    <OrganizationPage kind="publisher" id={params.id ?? ""}>
      {(publisher, page) => <Body publisher={publisher} page={page} />}
    </OrganizationPage>
  );
}

function Body({ publisher, page }: { publisher: Organization; page: PageRange }) {
  const me = useMe();
  const names = useNames();
  const { range } = page;
  const { zone } = range;
  const filters = { publisher_id: publisher.id };
  const report = useRangeReport("network", range, { ...filters });
  const totals = report.data?.totals;
  // The sentence counts what the publisher earns, the figures what the advertiser owes.
  const earning = useRangeReport("publisher", range, { ...filters });
  return (
    <>
      <section class="advice" aria-label="In short">
        <div>
          <p>
            {totals && earning.data
              ? broughtSentence(
                  publisher.name,
                  { ...totals, ...earning.data.totals },
                  report.data?.currency ?? null,
                )
              : "\u00a0"}
          </p>
          <p>Advertisers know it as {publisher.alias}, unless the network shows names.</p>
        </div>
      </section>
      <RangeFigures kind="network" report={report} zone={zone} />
      <div class="two sec">
        <UnpaidSection
          campaigns={names.campaigns}
          range={range}
          filters={filters}
          rate="at the terms' rate"
        />
        <Proofs publisher_id={publisher.id} />
      </div>
      <LinksSection publisher_id={publisher.id} campaigns={names.campaigns} zone={zone} />
      <EnrolledIn publisher_id={publisher.id} campaigns={names.campaigns} zone={zone} />
      <DueSection filters={filters} zone={zone} currency={report.data?.currency ?? null} />
      {mayReadMoney(me) && <StatementsSection whose={{ ...publisher, side: "publisher" }} zone={zone} />}
      <LatestCalls
        filters={filters}
        href={`/calls?publisher_id=${publisher.id}&range=28d`}
        zone={zone}
        empty="None is booked to it yet."
      />
    </>
  );
}
