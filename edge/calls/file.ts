import type { Attribution, Call, RuleResult, VerdictStatus } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { CallEvent } from "./model/event.ts";
import type { CallRow } from "./store.ts";

/** A side's verdict in force. */
export type Judged = {
  status: VerdictStatus;
  terms_version: number | null;
  amount_micros: number;
  rules: readonly RuleResult[];
  /** Of a payout that several publishers share: each one's own. */
  shares?: readonly JudgedShare[];
};

export type JudgedShare = {
  organization_id: string;
  part: number;
  status: VerdictStatus;
  amount_micros: number;
  rules: readonly RuleResult[];
};

/** Everything known of a call, before anybody looks at it. */
export type CallFile = {
  now: Instant;
  row: CallRow;
  /** The caller's number, opened; null when it was hidden. */
  from: string | null;
  attributed: { at: Instant; attribution: Attribution } | null;
  revenue: Judged | null;
  payout: Judged | null;
  /** For the call's own page; null in lists. */
  events: readonly CallEvent[] | null;
  /** What the targets in them are called, by id. */
  target_names: ReadonlyMap<string, string | null>;
  signals: Call["signals"];
  /** What the other side reads instead of a publisher's name, by id. */
  aliases: ReadonlyMap<string, string>;
  /** What the network lets the two sides see of each other. */
  shows: { callers: boolean; publishers: boolean };
  /** See `honeypotMark`; read for the network only. */
  honeypot: Call["honeypot"];
};

/** The alias of a publisher, null where there is none. */
export function aliasOf({ aliases }: CallFile, publisher_id: string | null): string | null {
  return publisher_id === null ? null : (aliases.get(publisher_id) ?? null);
}
