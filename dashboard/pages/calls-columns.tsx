import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { displayNumber } from "../../shared/phone-number.ts";
import { caller } from "../format.ts";
import { sayProbability } from "../parts/call/candidate-rows.ts";
import { campaignName, organizationName } from "../parts/call/names.ts";
import { sourceWords, type Visit } from "../parts/call/stations.ts";
import { METHOD_WORDS } from "../parts/glyph.tsx";
import type { Column } from "../parts/table.tsx";
import {
  amount,
  type Cells,
  campaign,
  connected,
  margin,
  orNothing,
  payout,
  publisher,
  quiet,
  revenue,
  trail,
  why,
} from "./calls-cells.tsx";
import { startedWords } from "./calls-time.ts";

/** A column of the log: `who` may see it at all, `shown` at first. */
type LogColumn = { column: Column<Call>; who: readonly OrganizationKind[]; shown: boolean };

const ALL = ["network", "advertiser", "publisher"] as const;
const BUYERS = ["network", "advertiser"] as const;
const EARNERS = ["network", "publisher"] as const;
const NETWORK = ["network"] as const;

function usual(column: Column<Call>, who: LogColumn["who"] = ALL): LogColumn {
  return { column, who, shown: true };
}

/** A column one has to ask for; it goes first when there is no room. */
function further(
  id: string,
  label: string,
  cell: Column<Call>["cell"],
  who: LogColumn["who"] = ALL,
): LogColumn {
  return { column: { id, label, cell, fold: 3, words: null, class: "nowrap" }, who, shown: false };
}

const inUnit = (words: string, currency: string | null) =>
  currency === null ? words : `${words}, ${currency}`;

/** When, who, for what, from where: the left half of the log. */
function callerColumns(cells: Cells): LogColumn[] {
  const { names, zone, now, hrefOf } = cells;
  return [
    usual({
      id: "started",
      label: "Started",
      class: "nowrap",
      cell: (call) => <a href={hrefOf(call)}>{startedWords(call.started_at, now, zone)}</a>,
    }),
    usual({
      id: "caller",
      label: "Caller",
      class: "nowrap",
      fold: 1,
      words: (call) => caller(call.from),
      cell: (call) => (
        <>
          {call.from === null ? quiet("hidden") : caller(call.from)}
          <span class="fold k3">{campaignName(call, names)}</span>
        </>
      ),
    }),
    usual({
      id: "campaign",
      label: "Campaign",
      class: "clip first",
      fold: 3,
      words: null,
      cell: (call) => campaign(call, cells),
    }),
    usual(
      {
        id: "publisher",
        label: "Publisher",
        class: "clip",
        fold: 2,
        words: null,
        cell: (call) => publisher(call, cells),
      },
      BUYERS,
    ),
    usual({
      id: "source",
      label: "Source",
      class: "soft clip",
      fold: 3,
      words: null,
      cell: (call) => orNothing(call.session ? sourceWords(call.session) : null),
    }),
  ];
}

/** How far it came, what it is worth to whom: the right half. */
function verdictColumns(cells: Cells): LogColumn[] {
  const { kind, currency } = cells;
  // Where only one side's money is seen it stays; a network's revenue and margin give way to the payout.
  const gives = kind === "network" ? { fold: 2 as const, words: null } : {};
  return [
    usual({ id: "connected", label: "Connected", numeric: true, fold: 2, words: null, cell: connected }),
    usual({ id: "trail", label: "Trail and verdict", cell: trail }),
    {
      column: {
        id: "why",
        label: "Why, or when",
        class: "soft nowrap",
        fold: 2,
        words: null,
        cell: (call) => why(call, cells),
      },
      who: ALL,
      shown: kind === "publisher",
    },
    usual(
      {
        id: "payout",
        label: inUnit("Payout", currency),
        numeric: true,
        cell: (call) => amount(call, payout(call), cells),
      },
      EARNERS,
    ),
    usual(
      {
        id: "revenue",
        label: inUnit(kind === "advertiser" ? "You pay" : "Revenue", currency),
        numeric: true,
        ...gives,
        cell: (call) => amount(call, revenue(call), cells),
      },
      BUYERS,
    ),
    {
      column: {
        id: "margin",
        label: inUnit("Margin", currency),
        numeric: true,
        ...gives,
        cell: (call) => amount(call, margin(call), cells),
      },
      who: NETWORK,
      shown: false,
    },
  ];
}

/** What few need at first: where it went, what the visit said, how it was joined. */
function furtherColumns({ names }: Cells): LogColumn[] {
  const visit = (pick: (visit: Visit) => string | undefined) => (call: Call) =>
    orNothing(call.session ? pick(call.session) : null);
  const named = (id: string | null, name: (id: string) => string | null) =>
    orNothing(id === null ? null : (name(id) ?? id));
  return [
    further("to", "Number called", (call) => displayNumber(call.to)),
    further("target", "Target", (call) => orNothing(call.target && displayNumber(call.target)), BUYERS),
    further(
      "advertiser",
      "Advertiser",
      (call) => named(call.advertiser_id, (id) => organizationName(id, names)),
      NETWORK,
    ),
    further("site", "Site", (call) => named(call.site_id, names.site), NETWORK),
    further(
      "term",
      "Keyword",
      visit(({ term }) => term),
    ),
    further(
      "utm_campaign",
      "UTM campaign",
      visit(({ campaign: name }) => name),
    ),
    further(
      "content",
      "Content",
      visit(({ content }) => content),
    ),
    further(
      "channel",
      "Channel",
      visit(({ channel }) => channel?.replaceAll("_", " ")),
    ),
    further("region", "Caller's region", (call) => orNothing(call.from_region)),
    further("method", "Method", (call) => METHOD_WORDS[call.attribution.method]),
    further("confidence", "Probability", (call) => sayProbability(call.attribution.confidence)),
    further("signals", "Signals", (call) => orNothing(call.signals.map(({ name }) => name).join(", "))),
    further("id", "Call id", (call) => <span class="mono">{call.id}</span>),
  ];
}

function columnsFor(cells: Cells): LogColumn[] {
  return [...callerColumns(cells), ...verdictColumns(cells), ...furtherColumns(cells)].filter(({ who }) =>
    who.includes(cells.kind),
  );
}

/** What a reader of this kind may have in the log: for the columns menu, and which of them are shown at first. */
export function columnChoices(cells: Cells): { id: string; label: string; shown: boolean }[] {
  return columnsFor(cells).map(({ column, shown }) => ({ id: column.id, label: column.label, shown }));
}

/** The columns of the log: those chosen, else the role's usual ones. The first column cannot be hidden. */
export function callColumns(cells: Cells, chosen: ReadonlySet<string> | null): Column<Call>[] {
  return columnsFor(cells)
    .filter(({ column, shown }) => column.id === "started" || (chosen ? chosen.has(column.id) : shown))
    .map(({ column }) => column);
}
