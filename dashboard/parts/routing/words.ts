/**
 * Why a phone was not rung, or a call was told what it was, as the API names it. What is new there reads as its name:
 * `some_reason` as "some reason".
 */
const WORDS: Readonly<Record<string, string>> = {
  // why a target was not rung
  not_asked_for: "the menu asked for others",
  rung_before: "was rung before in this call",
  rang_too_long: "the caller had heard ringing for long enough",
  paused: "was paused",
  closed: "was closed",
  region: "does not take callers from there",
  region_unknown: "takes callers from some regions, and this one's is not known",
  not_its_turn: "could be rung, another came first",
  concurrency_cap: "had all the calls at once that it takes",
  hourly_cap: "had all the calls of this hour",
  daily_cap: "had all the calls of the day",
  monthly_cap: "had all the calls of the month",
  total_cap: "had all the calls that it takes",
  // why a call was told what it was
  target: "the best target that was open",
  next_target: "nobody took it before",
  destination: "the campaign's destination number",
  no_target_open: "no target could be rung",
  nobody_answered: "nobody answered",
  call_flow: "the call flow says so",
  campaign_paused: "the campaign is paused",
  campaign_retired: "the campaign is retired",
  number_paused: "the number is paused",
  number_not_in_service: "the number is not in service",
  enrollment_paused: "the publisher's enrollment is paused",
  publisher_suspended: "the publisher is suspended",
};

const GATES: Readonly<Record<string, string>> = {
  closed: "closed at this hour",
  region: "not open to callers from there",
  region_unknown: "not open to callers whose region is not known",
};

/** A reason of the routing as words, without a verb before them. */
export function reasonWords(reason: string): string {
  const own = WORDS[reason];
  if (own) return own;
  const filter = /^filter_(\d+)$/.exec(reason);
  if (filter) return `filter ${filter[1]} says so`;
  const group = /^group_(.+)$/.exec(reason);
  if (group) return `its group ${reasonWords(group[1] ?? "")}`;
  const gate = /^(terms|enrollment)_(.+)$/.exec(reason);
  if (gate) {
    const whose = gate[1] === "terms" ? "by its terms the campaign" : "the publisher's enrollment";
    const what = gate[2] ?? "";
    return GATES[what] ? `${whose} is ${GATES[what]}` : `${whose} ${reasonWords(what)}`;
  }
  return reason.replaceAll("_", " ");
}

/** When a phone rings: of a call that is only tried out, in which of its rounds. */
export function rungWords(target: string, rounds?: readonly { targets: readonly string[] }[]): string {
  if (!rounds) return "rung";
  const round = rounds.findIndex(({ targets }) => targets.includes(target));
  return round <= 0 ? "rings first" : "rings when nobody answered before";
}

const ACTIONS: Readonly<Record<string, string>> = {
  dial: "Rings",
  message: "Plays a message",
  voicemail: "Takes a message",
  reject: "Turns the caller away",
  gather: "Asks by keys",
  end: "Ends the call",
};

export function actionWords(action: string): string {
  return ACTIONS[action] ?? action.replaceAll("_", " ");
}
