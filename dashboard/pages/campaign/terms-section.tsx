import type { Campaign, TermsVersion } from "../../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { money, NOTHING } from "../../format.ts";
import type { Whole } from "../../lists.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { TableFrame } from "../../parts/table-frame.tsx";
import type { Resource } from "../../query.ts";
import { lasting, versionStanding } from "./sentence.ts";
import { sideOf, termsRows } from "./terms-rows.ts";

type Props = {
  campaign: Campaign;
  kind: OrganizationKind;
  /** What the advertiser is called in the head of its column. */
  advertiser: string;
  versions: Resource<Whole<TermsVersion>>;
  zone: string;
};

/** The version in force, rule by rule and side by side, and all versions there ever were. */
export function TermsSection(props: Props) {
  const { campaign, versions, zone } = props;
  const { terms } = campaign;
  return (
    <Section
      id="terms"
      title="Terms in force"
      aside={terms ? `version ${terms.version}, since ${dayAndMinute(terms.effective_at, zone)}` : null}
    >
      {terms === null ? <p class="note">None.</p> : <RulesTable {...props} terms={terms} />}
      <Loaded
        of={versions}
        what="The versions"
        zone={zone}
        skeleton={<TableSkeleton caption="Versions" columns={["Version", "In force from"]} rows={2} />}
      >
        {({ data }) => data.length > 1 && <Versions {...props} list={data} />}
      </Loaded>
    </Section>
  );
}

/** Each rule of one version, with what it asks on the sides that the viewer may see. */
function RulesTable({ campaign, kind, advertiser, terms }: Props & { terms: TermsVersion }) {
  return (
    <TableFrame>
      <table class="terms">
        <caption class="vh">Terms in force, money in {campaign.currency}</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            {kind !== "publisher" && (
              <th scope="col">{kind === "advertiser" ? "You pay" : `${advertiser} pays`}</th>
            )}
            {kind !== "advertiser" && (
              <th scope="col">{kind === "publisher" ? "You earn" : "The publisher earns"}</th>
            )}
          </tr>
        </thead>
        <tbody>
          {termsRows(terms, kind).map((row) => (
            <tr key={row.id}>
              <th scope="row" class="soft">
                {row.label}
              </th>
              {[row.revenue, row.payout]
                .filter((words) => words !== null)
                .map((words, side) => (
                  <td key={side}>
                    {row.id === "price" ? (
                      <b>
                        {words} {campaign.currency}
                      </b>
                    ) : (
                      words
                    )}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Versions({ campaign, kind, list, zone }: Props & { list: readonly TermsVersion[] }) {
  const now = Date.now();
  const { currency } = campaign;
  const amount = (micros: number | undefined) => (micros === undefined ? NOTHING : money(micros));
  const columns: (Column<TermsVersion> | false)[] = [
    { id: "version", label: "Version", class: "nowrap", cell: ({ version }) => `v${version}` },
    {
      id: "standing",
      label: "Stands",
      cell: (terms) => {
        const standing = versionStanding(terms, campaign.terms?.version ?? null, now);
        return standing === "past" ? <span class="quiet">past</span> : <b>{standing}</b>;
      },
    },
    {
      id: "from",
      label: "In force from",
      fold: 1,
      class: "nowrap",
      cell: ({ effective_at }) => dayAndMinute(effective_at, zone),
    },
    {
      id: "min",
      label: "Connected",
      numeric: true,
      fold: 2,
      words: null,
      cell: ({ min_duration_s }) => lasting(min_duration_s),
    },
    {
      id: "hold",
      label: "Held",
      numeric: true,
      fold: 2,
      words: null,
      cell: ({ hold_s }) => (hold_s ? lasting(hold_s) : NOTHING),
    },
    kind !== "publisher" && {
      id: "revenue",
      label: `Advertiser pays, ${currency}`,
      numeric: true,
      cell: (terms) => amount(sideOf(terms, "revenue").revenue_micros),
    },
    kind !== "advertiser" && {
      id: "payout",
      label: `Publisher earns, ${currency}`,
      numeric: true,
      cell: (terms) => amount(sideOf(terms, "payout").payout_micros),
    },
  ];
  return (
    <div class="sec">
      <h3>Versions</h3>
      <Table
        caption={`Versions of the terms, money in ${currency}`}
        columns={columns.filter((column) => column !== false)}
        rows={list.toReversed()}
        rowKey={({ id }) => id}
        keys={false}
      />
      <p class="note foot-note">A call is judged by the version that was in force when it began, for ever.</p>
    </div>
  );
}
