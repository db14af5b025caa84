import fc from "fast-check";
import { statusOfParts } from "../../edge/settlement/model/split.ts";
import { VERDICT_STATUSES, type VerdictStatus } from "../../shared/api/calls.ts";
import type { CallDraw } from "./facts.ts";
import type { TestNetwork } from "./network.ts";

/** What one of several publishers has of a payout; its place in the network is drawn as an index. */
export type PartDraw = {
  publisher: number;
  status: VerdictStatus;
  micros: number;
  reject_reason: string | null;
};

const part = fc.record({
  publisher: fc.nat(1),
  status: fc.constantFrom(...VERDICT_STATUSES),
  micros: fc.integer({ min: 1, max: 90_000_000 }),
  reject_reason: fc.constantFrom("enrollment", "duplicate", null),
});

/** Of nobody's payout, or of one or two publishers'. */
export const partsOfPayout: fc.Arbitrary<PartDraw[]> = fc.oneof(
  fc.constant<PartDraw[]>([]),
  fc.uniqueArray(part, { maxLength: 2, selector: (one) => one.publisher }),
);

const DUE = ["qualified", "held", "paid"];

/** The payout of the whole call. */
export function payoutOf(draw: CallDraw): CallDraw["payout"] {
  if (!isShared(draw)) return draw.payout;
  const due = draw.parts.filter(({ status }) => DUE.includes(status));
  const status = statusOfParts(draw.parts.map((one) => one.status));
  return { status, micros: due.reduce((sum, { micros }) => sum + micros, 0) };
}

function isShared({ publisher, parts }: CallDraw): boolean {
  return publisher === null && parts.length > 0;
}

/**
 * The rows of the `call_shares` table: one of each part, one of a call's publisher, and where it is nobody's one of
 * a publisher that sees the call and earns nothing of it.
 */
export function shareRows(network: TestNetwork, draw: CallDraw, i: number) {
  const shown = (publisher: number, part: PartDraw | null, revenue_micros: number | null) => ({
    call_id: `cal_${i}_${network.id}`,
    publisher_id: network.publishers[publisher]!.id,
    network_id: network.id,
    started_at: draw.at,
    share: 0.4,
    payout_status: part?.status ?? null,
    payout_micros: part?.micros ?? null,
    revenue_micros,
    reject_reason: part?.reject_reason ?? null,
  });
  if (!isShared(draw)) return [shown(draw.publisher ?? 0, null, null)];
  const [, second] = draw.parts;
  const seconds = second ? Math.floor(draw.revenue.micros * 0.4) : 0;
  return draw.parts.map((part) =>
    shown(part.publisher, part, part === second ? seconds : draw.revenue.micros - seconds),
  );
}
