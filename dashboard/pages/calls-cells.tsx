import type { Call, VerdictStatus } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Micros } from "../../shared/money.ts";
import { duration, money, moneyIn, NOTHING } from "../format.ts";
import { sayProbability } from "../parts/call/candidate-rows.ts";
import type { Directory } from "../parts/call/directory.ts";
import { freeDay } from "../parts/call/hold.ts";
import { sayMeasure } from "../parts/call/measure.ts";
import { campaignName, publisherName } from "../parts/call/names.ts";
import { awaitedRule, decidingFailure, shortReason } from "../parts/call/rules.ts";
import { Ticker } from "../parts/call/ticker.tsx";
import {
  callEnd,
  ENDING_WORDS,
  endingOf,
  isDue,
  isReported,
  judgementsOf,
  phaseOf,
  rowVerdict,
} from "../parts/call/verdict.ts";
import { FilterValue } from "../parts/filters.tsx";
import { TrailGlyph } from "../parts/glyph.tsx";

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

export const quiet = (text: string) => <span class="quiet">{text}</span>;
export const orNothing = (text: string | null | undefined) => (text ? text : quiet(NOTHING));

/** An amount: nothing before the verdict, zero in grey. */
export function amount(call: Call, side: { status: VerdictStatus; micros: Micros } | null, cells: Cells) {
  if (side === null || side.status === "pending" || phaseOf(call) !== "over") return quiet(NOTHING);
  const text = cells.currency === null ? moneyIn(side.micros, call.currency) : money(side.micros);
  return side.micros === 0 ? quiet(text) : text;
}

/** What the network keeps is known when both sides are. */
export function margin({ margin_micros, revenue, payout }: Call) {
  if (margin_micros === undefined) return null;
  const isOpen = revenue?.status === "pending" || payout?.status === "pending";
  return { status: isOpen ? ("pending" as const) : ("qualified" as const), micros: margin_micros };
}

export function payout({ payout }: Call) {
  return payout ? { status: payout.status, micros: payout.payout_micros } : null;
}

export function revenue({ revenue }: Call) {
  return revenue ? { status: revenue.status, micros: revenue.revenue_micros } : null;
}

export function connected(call: Call) {
  const phase = phaseOf(call);
  if (phase === "talking") return <Ticker call={call} />;
  if (phase === "ringing") return quiet(NOTHING);
  return call.connected_s ? duration(call.connected_s) : quiet(NOTHING);
}

export function trail(call: Call) {
  const verdict = rowVerdict(call);
  const word = ENDING_WORDS[endingOf(call)];
  const isBilledOnly =
    verdict !== null &&
    call.revenue &&
    call.payout &&
    isDue(call.revenue.status) &&
    !isDue(call.payout.status);
  return (
    <TrailGlyph
      method={call.attribution.method}
      end={callEnd(call)}
      verdict={verdict}
      word={isBilledOnly ? `${word}, billed` : phaseOf(call) === "ringing" ? <Ringing call={call} /> : word}
    >
      {call.connected_s ? duration(call.connected_s) : undefined}
    </TrailGlyph>
  );
}

function Ringing({ call }: { call: Call }) {
  return (
    <>
      {ENDING_WORDS.ringing} <Ticker call={call} />
    </>
  );
}

/** Why a call is not paid, or what it waits for, in two words and its measure: "Too short: 71 s < 90 s". */
export function why(call: Call, { names }: Cells) {
  const ending = endingOf(call);
  if (ending === "unbooked") {
    return `Yours with ${sayProbability(call.attribution.publisher_confidence)}`;
  }
  const judged = call.payout ?? call.revenue;
  if (!judged || phaseOf(call) !== "over") return quiet(NOTHING);
  if (ending === "pending") {
    if (!isReported(call)) return "Report missing";
    return awaitedRule(judged.rules)?.rule === "requires_signal"
      ? "Waits for a signal"
      : "Waits for the report";
  }
  if (ending === "held") {
    const day = freeDay(call, judgementsOf(call).at(-1), names);
    return day === null ? quiet(NOTHING) : `Free on ${day}`;
  }
  const failure = decidingFailure(judged.rules);
  if (!failure) return quiet(NOTHING);
  const measure = sayMeasure(failure.detail.split(",")[0] ?? "");
  return /[<≥]/.test(measure) ? `${shortReason(failure.rule)}: ${measure}` : shortReason(failure.rule);
}

export function publisher(call: Call, { names, kind }: Cells) {
  const name = publisherName(call, names);
  if (name === null) return quiet("not proven");
  return kind === "network" && call.publisher_id ? (
    <FilterValue name="publisher_id" value={call.publisher_id} label={name} />
  ) : (
    name
  );
}

export function campaign(call: Call, { names }: Cells) {
  const name = campaignName(call, names);
  if (name === null || call.campaign_id === null) return quiet("no campaign");
  return <FilterValue name="campaign_id" value={call.campaign_id} label={name} />;
}
