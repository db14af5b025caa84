import type { Campaign } from "../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { LISTS, useWhole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { useDo } from "../parts/form/use-do.ts";
import { listMetrics, moneyColumns, rowsBy } from "../parts/manage/money-columns.tsx";
import { Status } from "../parts/manage/status.tsx";
import { useRange } from "../parts/manage/use-range.ts";
import { Page } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Blank, Fault, Loaded, TableSkeleton } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { type Report, useReport } from "../report.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { NewCampaign } from "./campaign/campaign-forms.tsx";
import { campaignsSentence, STANDING_GLYPHS, STANDING_WORDS, standingOf } from "./campaign/sentence.ts";

const SKELETON = (
  <TableSkeleton caption="Campaigns" columns={["Campaign", "Stands", ">Calls", ">Qualified"]} />
);

/** Every campaign the viewer may see: whether it takes calls, and what they were worth in the range. */
export default function CampaignsPage() {
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const names = useNames();
  const { kind } = me.organization;
  const zone = me.network.timezone;
  const { range, now, words } = useRange(zone);
  const campaigns = useWhole(LISTS.campaigns);
  const report = useReport({
    group_by: "campaign_id",
    metrics: listMetrics(kind),
    timezone: zone,
    from: range.from,
    to: range.to,
  });
  const may = mayManage(me);
  return (
    <Page
      title="Campaigns"
      meta={words}
      tools={
        <>
          <RangePicker range={range} now={now} />
          {may && doing.what !== "new" && (
            <button class="btn" type="button" onClick={() => doing.open("new")}>
              Make a campaign
            </button>
          )}
        </>
      }
    >
      {campaigns.data && <p class="lead opening">{campaignsSentence(campaigns.data.data)}</p>}
      {may && doing.what === "new" && (
        <NewCampaign
          names={names}
          zone={zone}
          leave={doing.close}
          done={(campaign) => {
            toast(`Campaign “${campaign.name}” is made. It needs terms.`);
            url.go(`/campaigns/${campaign.id}?do=terms`);
          }}
        />
      )}
      <Fault what="The figures" of={report} zone={zone} />
      <Loaded of={campaigns} what="The campaigns" zone={zone} skeleton={SKELETON}>
        {({ data }) =>
          data.length === 0 ? (
            <NoCampaigns may={may} />
          ) : (
            <Table
              caption={`Campaigns, ${words}`}
              columns={columnsOf(kind, names, report.data)}
              rows={data}
              rowKey={({ id }) => id}
              onOpen={({ id }) => url.go(`/campaigns/${id}`)}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoCampaigns({ may }: { may: boolean }) {
  return (
    <Blank title="No campaigns.">
      {may ? (
        <a href="/campaigns?do=new">Make the first one</a>
      ) : (
        "You are in none of the network's campaigns."
      )}
    </Blank>
  );
}

function columnsOf(kind: OrganizationKind, names: Names, report: Report | null): Column<Campaign>[] {
  const rows = rowsBy(report, "campaign_id");
  const columns: (Column<Campaign> | false)[] = [
    {
      id: "name",
      label: "Campaign",
      cell: ({ id, name }) => <a href={`/campaigns/${id}`}>{name}</a>,
      ...(report === null ? {} : { total: "All calls" }),
    },
    kind === "network" && {
      id: "advertiser",
      label: "Advertiser",
      fold: 2,
      class: "soft clip",
      cell: ({ advertiser_id }) => names.of(advertiser_id),
    },
    {
      id: "stands",
      label: "Stands",
      fold: 1,
      cell: (campaign) => {
        const standing = standingOf(campaign);
        return <Status glyph={STANDING_GLYPHS[standing]}>{STANDING_WORDS[standing]}</Status>;
      },
      words: (campaign) => STANDING_WORDS[standingOf(campaign)],
    },
    ...moneyColumns<Campaign>(kind, report, ({ id }) => rows.get(id)),
  ];
  return columns.filter((column) => column !== false);
}
