import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Micros } from "../../shared/money.ts";
import { displayNumber } from "../../shared/phone-number.ts";
import { caller, duration, money, moneyIn, NOTHING } from "../format.ts";
import { sayProbability } from "../parts/call/candidate-rows.ts";
import type { Directory } from "../parts/call/directory.ts";
import { sayMeasure } from "../parts/call/measure.ts";
import { campaignName, organizationName, publisherName } from "../parts/call/names.ts";
import { decidingFailure, shortReason } from "../parts/call/rules.ts";
import { sourceWords } from "../parts/call/stations.ts";
import { Ticker } from "../parts/call/ticker.tsx";
import { callEnd, ENDING_WORDS, endingOf, isDue, phaseOf, rowVerdict } from "../parts/call/verdict.ts";
import { FilterValue } from "../parts/filters.tsx";
import { METHOD_WORDS, TrailGlyph } from "../parts/glyph.tsx";
import type { Column } from "../parts/table.tsx";
import { startedWords } from "./calls-time.ts";

/** What the cells of the log are drawn with. */
export type Cells = {
  kind: OrganizationKind;
  names: Directory;
  zone: string;
  now: number;
  /** The one currency of all calls shown, for the headers; null puts it into each cell. */
  currency: string | null;
  /** The address that opens a call's drawer. */
  hrefOf: (call: Call) => string;
};

/** A column of the log: `who` may see it at all, `shown` at first. */
type LogColumn = { column: Column<Call>; who: readonly OrganizationKind[]; shown: boolean };

const ALL = ["network", "advertiser", "publisher"] as const;
const NETWORK = ["network"] as const;

const quiet = (text: string) => <span class="quiet">{text}</span>;
const orNothing = (text: string | null | undefined) => (text ? text : quiet(NOTHING));

/** An amount: nothing while the phone is busy, zero in grey. */
function amount(call: Call, micros: Micros | undefined, cells: Cells) {
  if (micros === undefined || phaseOf(call) !== "over") return quiet(NOTHING);
  const text = cells.currency === null ? moneyIn(micros, call.currency) : money(micros);
  return micros === 0 ? quiet(text) : text;
}

function connected(call: Call) {
  if (phaseOf(call) !== "over") return <Ticker call={call} />;
  return call.connected_s ? duration(call.connected_s) : quiet(NOTHING);
}

function trail(call: Call) {
  const verdict = rowVerdict(call);
  const billed =
    verdict !== null &&
    call.revenue &&
    call.payout &&
    isDue(call.revenue.status) &&
    !isDue(call.payout.status);
  const word = ENDING_WORDS[endingOf(call)];
  return (
    <TrailGlyph
      method={call.attribution.method}
      end={callEnd(call)}
      verdict={verdict}
      word={billed ? `${word}, billed` : word}
    >
      {call.connected_s ? duration(call.connected_s) : ""}
    </TrailGlyph>
  );
}

/** Why a call is not paid, in two words and its measure: "Too short: 71 s < 90 s". */
function why(call: Call) {
  const judged = call.payout ?? call.revenue;
  const failure = judged && phaseOf(call) === "over" ? decidingFailure(judged.rules) : null;
  if (!failure) return quiet(NOTHING);
  const measure = sayMeasure(failure.detail.split(",")[0] ?? "");
  return /[<≥]/.test(measure) ? `${shortReason(failure.rule)}: ${measure}` : shortReason(failure.rule);
}

function publisher(call: Call, { names, kind }: Cells) {
  const name = publisherName(call, names);
  if (name === null) return quiet("not proven");
  return kind === "network" && call.publisher_id ? (
    <FilterValue name="publisher_id" value={call.publisher_id} label={name} />
  ) : (
    name
  );
}

function campaign(call: Call, { names }: Cells) {
  const name = campaignName(call, names);
  if (name === null || call.campaign_id === null) return quiet("no campaign");
  return <FilterValue name="campaign_id" value={call.campaign_id} label={name} />;
}

const inUnit = (words: string, currency: string | null) =>
  currency === null ? words : `${words}, ${currency}`;

/** Every column of the log, in order. The first heads its row and opens the drawer. */
function logColumns(cells: Cells): LogColumn[] {
  const { kind, names, zone, now, currency, hrefOf } = cells;
  const session = (pick: (visit: NonNullable<Call["session"]>) => string | undefined) => (call: Call) =>
    orNothing(call.session ? pick(call.session) : null);
  const plain = (
    id: string,
    label: string,
    cell: Column<Call>["cell"],
    who: LogColumn["who"] = ALL,
  ): LogColumn => ({
    column: { id, label, cell, fold: 3, words: null, class: "nowrap" },
    who,
    shown: false,
  });
  const started: Column<Call> = {
    id: "started",
    label: "Started",
    class: "nowrap",
    cell: (call) => <a href={hrefOf(call)}>{startedWords(call.started_at, now, zone)}</a>,
  };
  const col = (column: Column<Call>, who: LogColumn["who"] = ALL): LogColumn => ({
    column,
    who,
    shown: true,
  });
  return [
    col(started),
    col({ id: "caller", label: "Caller", class: "nowrap", fold: 1, cell: (call) => caller(call.from) }),
    col({
      id: "campaign",
      label: "Campaign",
      class: "nowrap",
      fold: 3,
      words: null,
      cell: (call) => campaign(call, cells),
    }),
    col(
      {
        id: "publisher",
        label: "Publisher",
        class: "nowrap",
        fold: 2,
        words: null,
        cell: (call) => publisher(call, cells),
      },
      ["network", "advertiser"],
    ),
    col({
      id: "source",
      label: "Source",
      class: "nowrap soft clip",
      fold: 3,
      words: null,
      cell: (call) => orNothing(call.session ? sourceWords(call.session) : null),
    }),
    col({ id: "connected", label: "Connected", numeric: true, fold: 1, words: null, cell: connected }),
    col({ id: "trail", label: "Trail and verdict", cell: trail }),
    {
      column: { id: "why", label: "Why", class: "soft nowrap", fold: 2, words: null, cell: why },
      who: ALL,
      shown: kind === "publisher",
    },
    col(
      {
        id: "payout",
        label: inUnit("Payout", currency),
        numeric: true,
        cell: (call) => amount(call, call.payout?.payout_micros, cells),
      },
      ["network", "publisher"],
    ),
    col(
      {
        id: "revenue",
        label: inUnit(kind === "advertiser" ? "You pay" : "Revenue", currency),
        numeric: true,
        ...(kind === "network" ? { fold: 2 as const, words: null } : {}),
        cell: (call) => amount(call, call.revenue?.revenue_micros, cells),
      },
      ["network", "advertiser"],
    ),
    {
      column: {
        id: "margin",
        label: inUnit("Margin", currency),
        numeric: true,
        fold: 3,
        words: null,
        cell: (call) => amount(call, call.margin_micros, cells),
      },
      who: NETWORK,
      shown: false,
    },
    plain("to", "Number called", (call) => displayNumber(call.to)),
    plain("target", "Target", (call) => orNothing(call.target && displayNumber(call.target)), [
      "network",
      "advertiser",
    ]),
    plain(
      "advertiser",
      "Advertiser",
      (call) => orNothing(call.advertiser_id && organizationName(call.advertiser_id, names)),
      NETWORK,
    ),
    plain(
      "site",
      "Site",
      (call) => orNothing(call.site_id && (names.site(call.site_id) ?? call.site_id)),
      NETWORK,
    ),
    plain(
      "term",
      "Keyword",
      session((visit) => visit.term),
    ),
    plain(
      "utm_campaign",
      "UTM campaign",
      session((visit) => visit.campaign),
    ),
    plain(
      "content",
      "Content",
      session((visit) => visit.content),
    ),
    plain(
      "channel",
      "Channel",
      session((visit) => visit.channel?.replaceAll("_", " ")),
    ),
    plain("region", "Caller's region", (call) => orNothing(call.from_region)),
    plain("method", "Method", (call) => METHOD_WORDS[call.attribution.method]),
    plain("confidence", "Probability", (call) => sayProbability(call.attribution.confidence)),
    plain("signals", "Signals", (call) => orNothing(call.signals.map(({ name }) => name).join(", "))),
    plain("id", "Call id", (call) => <span class="mono">{call.id}</span>),
  ];
}

/** What a reader of this kind may have in the log: for the columns menu, and which of them are shown at first. */
export function columnChoices(cells: Cells): { id: string; label: string; shown: boolean }[] {
  return logColumns(cells)
    .filter(({ who }) => who.includes(cells.kind))
    .map(({ column, shown }) => ({ id: column.id, label: column.label, shown }));
}

/** The columns of the log: those chosen, else the first choice of the role. The first column cannot be hidden. */
export function callColumns(cells: Cells, chosen: ReadonlySet<string> | null): Column<Call>[] {
  return logColumns(cells)
    .filter(({ who }) => who.includes(cells.kind))
    .filter(({ column, shown }) => column.id === "started" || (chosen ? chosen.has(column.id) : shown))
    .map(({ column }) => column);
}
