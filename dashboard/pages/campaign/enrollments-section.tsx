import { useState } from "preact/hooks";
import type { Campaign, Enrollment, EnrollmentStatus } from "../../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { money, NOTHING } from "../../format.ts";
import type { Whole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { useAct } from "../../parts/form/act.ts";
import { RowMenu } from "../../parts/manage/row-menu.tsx";
import { Status } from "../../parts/manage/status.tsx";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { MenuItem } from "../../parts/menu.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import type { Resource } from "../../query.ts";
import { withStatus } from "./drafts.ts";
import { EnrollForm } from "./enroll-form.tsx";
import { lasting } from "./sentence.ts";
import { sideOf } from "./terms-rows.ts";

type Props = {
  campaign: Campaign;
  kind: OrganizationKind;
  enrollments: Resource<Whole<Enrollment>>;
  names: Names;
  zone: string;
  may: boolean;
};

const GLYPHS: Record<EnrollmentStatus, "fact" | "ring" | "open"> = {
  approved: "fact",
  pending: "ring",
  suspended: "ring",
  rejected: "open",
  ended: "open",
};

const SKELETON = <TableSkeleton caption="Enrollments" columns={["Publisher", "Status", ">Earns"]} rows={3} />;

/** The same enrollment with another status, as a new version. */
function enroll(campaign: Campaign, one: Enrollment, status: EnrollmentStatus) {
  return ask(client.campaigns[":id"].enrollments.$post, {
    param: { id: campaign.id },
    json: withStatus(one, status),
  });
}

/** Which publishers may bring calls to the campaign, and at whose rate. A publisher reads its own line. */
export function EnrollmentsSection(props: Props) {
  const { campaign, kind, enrollments, names, zone, may } = props;
  const [editing, setEditing] = useState<Enrollment | "new" | null>(null);
  const { act } = useAct(enrollments.retry);
  const enrolled = new Set(enrollments.data?.data.map(({ publisher_id }) => publisher_id));
  const others = names.publishers.filter(({ id }) => !enrolled.has(id));
  const isOwn = kind === "publisher";
  const close = () => setEditing(null);
  const setStatus = (one: Enrollment, status: EnrollmentStatus) =>
    act(async () => {
      await enroll(campaign, one, status);
      return {
        said: `${names.of(one.publisher_id)} is ${status} from the next call on.`,
        undo: () => enroll(campaign, one, one.status),
      };
    });
  return (
    <Section
      id="enrollments"
      title={isOwn ? "Your enrollment" : "Publishers"}
      aside={isOwn ? null : "who may earn, and at which rate"}
      tools={
        may && editing === null && others.length > 0 ? (
          <button class="btn" type="button" onClick={() => setEditing("new")}>
            Enroll a publisher
          </button>
        ) : null
      }
    >
      {may && editing !== null && (
        <EnrollForm
          key={editing === "new" ? "new" : editing.id}
          campaign={campaign}
          before={editing === "new" ? null : editing}
          publishers={others}
          names={names}
          leave={close}
          done={() => {
            close();
            enrollments.retry();
          }}
        />
      )}
      <Loaded of={enrollments} what="The enrollments" zone={zone} skeleton={SKELETON}>
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">
              {isOwn ? "You are not enrolled." : "Nobody is enrolled: no publisher earns anything here."}
            </p>
          ) : (
            <Table
              caption={`Enrollments, money in ${campaign.currency}`}
              columns={columnsOf(props, may ? { edit: setEditing, setStatus } : null)}
              rows={data}
              rowKey={({ id }) => id}
              keys={false}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

/** What a publisher's own terms say, beside the campaign's: `1:1` rates and the rest in words. */
export function ownRules({ payout_terms }: Enrollment): string {
  const { min_duration_s, hold_s, dedupe_window_s, requires_signal } = payout_terms;
  const words = [
    min_duration_s === undefined ? "" : `connected ${lasting(min_duration_s)}`,
    hold_s === undefined ? "" : `held ${lasting(hold_s)}`,
    dedupe_window_s === undefined ? "" : `repeats within ${lasting(dedupe_window_s)}`,
    requires_signal === undefined ? "" : `signal “${requires_signal}”`,
  ];
  return words.filter(Boolean).join(", ");
}

type Acts = {
  edit: (one: Enrollment) => void;
  setStatus: (one: Enrollment, status: EnrollmentStatus) => void;
};

function columnsOf({ campaign, kind, names, zone }: Props, acts: Acts | null): Column<Enrollment>[] {
  const common = campaign.terms ? sideOf(campaign.terms, "payout").payout_micros : undefined;
  const name = ({ publisher_id }: Enrollment) =>
    kind === "network" ? <a href={`/publishers/${publisher_id}`}>{names.of(publisher_id)}</a> : "You";
  const columns: (Column<Enrollment> | false)[] = [
    { id: "publisher", label: "Publisher", cell: name },
    {
      id: "status",
      label: "Status",
      cell: ({ status }) => <Status glyph={GLYPHS[status]}>{status}</Status>,
    },
    {
      id: "rules",
      label: "Rules of its own",
      fold: 2,
      class: "soft",
      cell: (one) => ownRules(one) || <span class="quiet">{NOTHING}</span>,
      words: (one) => ownRules(one) || null,
    },
    {
      id: "since",
      label: "Since",
      fold: 3,
      words: null,
      class: "soft nowrap",
      cell: ({ effective_at, version }) => `${dayAndMinute(effective_at, zone)}, v${version}`,
    },
    {
      id: "earns",
      label: `Earns, ${campaign.currency}`,
      numeric: true,
      cell: ({ payout_terms }) => {
        const own = payout_terms.payout_micros;
        if (own !== undefined) return <b>{money(own)}</b>;
        return common === undefined ? NOTHING : money(common);
      },
    },
    acts !== null && {
      id: "menu",
      label: "Change",
      numeric: true,
      class: "acts-cell",
      cell: (one) => <Menu one={one} acts={acts} names={names} />,
    },
  ];
  return columns.filter((column) => column !== false);
}

function Menu({ one, acts, names }: { one: Enrollment; acts: Acts; names: Names }) {
  const to = (status: EnrollmentStatus, words: string, close: () => void) =>
    one.status !== status && (
      <MenuItem
        run={() => {
          close();
          acts.setStatus(one, status);
        }}
      >
        {words}
      </MenuItem>
    );
  return (
    <RowMenu of={names.of(one.publisher_id)}>
      {(close) => (
        <>
          {to("approved", "Approve", close)}
          {to("suspended", "Suspend", close)}
          {to("ended", "End", close)}
          <MenuItem
            run={() => {
              close();
              acts.edit(one);
            }}
          >
            New rate and rules
          </MenuItem>
        </>
      )}
    </RowMenu>
  );
}
