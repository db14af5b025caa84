import type { Campaign, Enrollment } from "../../../shared/api/campaigns.ts";

import { money, NOTHING } from "../../format.ts";
import { enrollmentsOf, loadWhole } from "../../lists.ts";
import { Status } from "../../parts/manage/status.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useResource } from "../../query.ts";
import { ownRules } from "../campaign/enrollments-section.tsx";
import { sideOf } from "../campaign/terms-rows.ts";

const CAMPAIGNS_MAX = 50;

type Row = { campaign: Campaign; enrollment: Enrollment };

/** The campaigns that a publisher is enrolled in, at which rate and under which rules of its own. */
export function EnrolledIn(props: { publisher_id: string; campaigns: readonly Campaign[]; zone: string }) {
  const { publisher_id, campaigns, zone } = props;
  const asked = campaigns.slice(0, CAMPAIGNS_MAX);
  const rows = useResource(
    asked.length === 0 ? null : `enrolled ${publisher_id} ${asked.map(({ id }) => id).join(" ")}`,
    async (signal): Promise<Row[]> => {
      const lists = asked.map((campaign) => loadWhole(enrollmentsOf(campaign.id), {}, signal));
      return (await Promise.all(lists)).flatMap(({ data }, index) => {
        const campaign = asked[index];
        const enrollment = data.find((one) => one.publisher_id === publisher_id);
        return campaign && enrollment ? [{ campaign, enrollment }] : [];
      });
    },
  );
  return (
    <Section id="enrolled" title="Enrolled in">
      <Loaded
        of={rows}
        what="The enrollments"
        zone={zone}
        skeleton={<TableSkeleton caption="Enrollments" columns={["Campaign", "Status", ">Earns"]} rows={2} />}
      >
        {(data) =>
          data.length === 0 ? (
            <p class="note">
              No campaign: it earns nothing. Enroll it on the page of a <a href="/campaigns">campaign</a>.
            </p>
          ) : (
            <Table
              caption="Enrollments"
              columns={COLUMNS}
              rows={data}
              rowKey={({ campaign }) => campaign.id}
              keys={false}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function earns({ campaign, enrollment }: Row): string {
  const common = campaign.terms ? sideOf(campaign.terms, "payout").payout_micros : undefined;
  const rate = enrollment.payout_terms.payout_micros ?? common;
  return rate === undefined ? NOTHING : `${money(rate)}\u00a0${campaign.currency}`;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "campaign",
    label: "Campaign",
    cell: ({ campaign }) => <a href={`/campaigns/${campaign.id}`}>{campaign.name}</a>,
  },
  {
    id: "status",
    label: "Status",
    cell: ({ enrollment: { status } }) => (
      <Status glyph={status === "approved" ? "fact" : "ring"}>{status}</Status>
    ),
  },
  {
    id: "rules",
    label: "Rules of its own",
    fold: 1,
    class: "soft",
    cell: ({ enrollment }) => ownRules(enrollment) || <span class="quiet">{NOTHING}</span>,
    words: ({ enrollment }) => ownRules(enrollment) || null,
  },
  { id: "earns", label: "Earns a call", numeric: true, cell: earns },
];
