/** Odds that nobody doubts: what is six times as likely as all else is believed to be just that. */
const BELIEVED_ODDS = 6;
/** How far beyond them doubt has set in half way. */
const RAMP_ODDS = 4;

/**
 * What doubt leaves of the odds of `part` against `rest`, as a factor within (0, 1]. Learned values are never quite
 * right, and where odds are long a posterior of nearly right values claims too much: of what lies beyond 6 to 1 only
 * 1/`doubt` is left in the end. It does not depend on how many explanations the rest is made of, and longer odds stay
 * the longer ones. Only + − × ÷, so that a replay gives the same bits on any engine.
 */
export function doubtFactor(part: number, rest: number, doubt: number): number {
  if (rest <= 0 || part <= BELIEVED_ODDS * rest) return 1;
  const odds = part / rest;
  const beyond = odds - BELIEVED_ODDS;
  return (BELIEVED_ODDS + (beyond * (beyond + RAMP_ODDS)) / (doubt * beyond + RAMP_ODDS)) / odds;
}

/** `count` leases of one publisher's, or of nobody's, and what they weigh together. */
export type Source = { publisher_id: string | null; weight: number; count: number };

/**
 * By which factor the odds of a part against the rest are believed: of one publisher's sources, or of none (no places),
 * against all else; of one visit against the publisher's others. Within (0, 1].
 */
export type Restraint = {
  ofGroup: (part: number, rest: number, places: readonly number[] | null) => number;
  ofVisit: (part: number, rest: number, place: number, places: readonly number[]) => number;
};

/** Learned values are never quite right: long odds are shortened, whatever they are of. By 1 to the bit as they are. */
export function doubtBy(doubt: number): Restraint {
  const factor = (part: number, rest: number) => (doubt === 1 ? 1 : doubtFactor(part, rest, doubt));
  return { ofGroup: factor, ofVisit: factor };
}

/**
 * A publisher's weights, the greatest of a single lease apart: its place, nothing lost by subtraction, and by which
 * factor it is believed against the rest.
 */
type Group = { at: number | null; greatest: number; rest: number; places: number[]; ofBest: number };

/**
 * By which factor each source's weight, and that of none, is believed. The likeliest publisher is restrained against all
 * else, and within each publisher the likeliest visit against its others, which leaves the publisher's sum as it is.
 */
export function beliefs(
  sources: readonly Source[],
  none_weight: number,
  { ofGroup, ofVisit }: Restraint,
): { sources: number[]; none: number } {
  const groups = new Map<string | null, Group>();
  const own = sources.map((source, place): Group => {
    const group = groups.get(source.publisher_id) ?? groupOf(0);
    groups.set(source.publisher_id, group);
    addTo(group, source, place);
    return group;
  });
  const none = groupOf(none_weight);
  let likeliest = none;
  let others = 0;
  for (const group of groups.values()) {
    const isMore = sumOf(group) > sumOf(likeliest);
    others += sumOf(isMore ? likeliest : group);
    if (isMore) likeliest = group;
    if (group.at !== null) group.ofBest = ofVisit(group.greatest, group.rest, group.at, group.places);
  }
  const ofLikeliest = ofGroup(sumOf(likeliest), others, likeliest === none ? null : likeliest.places);
  const shared = (group: Group) => (group === likeliest ? ofLikeliest : 1);
  return {
    sources: own.map((group, place) => {
      const { ofBest } = group;
      const spread = ofBest === 1 ? 1 : sumOf(group) / (group.greatest * ofBest + group.rest);
      return shared(group) * spread * (place === group.at ? ofBest : 1);
    }),
    none: shared(none),
  };
}

function groupOf(greatest: number): Group {
  return { at: null, greatest, rest: 0, places: [], ofBest: 1 };
}

function sumOf({ greatest, rest }: Group): number {
  return greatest + rest;
}

function addTo(group: Group, { weight, count }: Source, place: number): void {
  group.places.push(place);
  if (count !== 1 || weight <= group.greatest) {
    group.rest += weight;
    return;
  }
  group.rest += group.greatest;
  group.greatest = weight;
  group.at = place;
}
