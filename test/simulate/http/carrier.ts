import type { Chance } from "../chance.ts";

/** What a carrier does to its webhooks, each as a share of them. */
export type Noise = { doubled: number; late: number; shuffled: number; lost: number };

export const NOISE: Record<"calm" | "noisy", Noise> = {
  calm: { doubled: 0.02, late: 0.01, shuffled: 0.01, lost: 0 },
  noisy: { doubled: 0.2, late: 0.15, shuffled: 0.2, lost: 0.03 },
};

export type Report = { at_s: number; json: Record<string, unknown> };

const LATE_MAX_S = 6 * 3_600;

/** The reports of an answered call, as this carrier delivers them: at these times, perhaps twice, late or never. */
export function deliveries(
  call: { call_id: string; at_s: number; connected_s: number },
  noise: Noise,
  chance: Chance,
): Report[] {
  const { call_id, at_s, connected_s } = call;
  const duration_s = connected_s + 10;
  const sent: Report[] = [
    { at_s: at_s + 2, json: { call_id, status: "ringing" } },
    { at_s: at_s + 10, json: { call_id, status: "answered" } },
    { at_s: at_s + duration_s, json: { call_id, status: "completed", duration_s, connected_s } },
  ];
  return sent.flatMap((report) => {
    if (chance.next() < noise.lost) return [];
    const shuffle = chance.next() < noise.shuffled ? chance.between(0, 2 * duration_s) : 0;
    const late = chance.next() < noise.late ? chance.between(60, LATE_MAX_S) : 0;
    const first = { ...report, at_s: report.at_s + shuffle + late };
    if (chance.next() >= noise.doubled) return [first];
    return [first, { ...report, at_s: first.at_s + chance.exponential(120) }];
  });
}
