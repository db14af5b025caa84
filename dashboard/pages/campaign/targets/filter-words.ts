import type { CallFilter, CampaignRouting, Condition, Treatment } from "../../../../shared/api/routing.ts";
import { displayNumber } from "../../../../shared/phone-number.ts";
import { count } from "../../../format.ts";
import { writeHours } from "../../../parts/form/hours.ts";
import { lasting } from "../sentence.ts";

const MOST = 3;

function listed(values: readonly string[]): string {
  const shown = values.slice(0, MOST).join(", ");
  return values.length > MOST ? `${shown} and ${count(values.length - MOST)} more` : shown;
}

function conditionWords(condition: Condition): string {
  switch (condition.is) {
    case "outside_hours":
      return `outside ${writeHours(condition.hours).replaceAll("\n", "; ")}`;
    case "from_region":
      return `from ${listed(condition.regions)}`;
    case "outside_regions":
      return `from elsewhere than ${listed(condition.regions)}`;
    case "caller_type":
      return `from a ${condition.types.join(" or ")}`;
    case "anonymous":
      return "with a hidden number";
    case "blocked":
      return `from ${listed(condition.callers.map(displayNumber))}`;
    case "repeat":
      return `who called within ${lasting(condition.within_s)}`;
    case "duplicate":
      return `whose call within ${lasting(condition.within_s)} the advertiser owes for`;
    case "stir":
      return `vouched for with ${condition.levels.join(" or ")}`;
  }
}

/** @param names names of campaigns by their ids */
export function treatmentWords(treatment: Treatment, names: (campaign_id: string) => string): string {
  switch (treatment.action) {
    case "route":
      return "goes on as always";
    case "message":
      return treatment.say ? `hears “${treatment.say.replace(/\.$/, "")}”` : "hears a polite message";
    case "voicemail":
      return "may leave a message";
    case "campaign":
      return `goes to ${names(treatment.campaign_id)}`;
  }
}

/** A filter as a sentence: "A caller with a hidden number and from US-CA hears a polite message." */
export function filterSentence(
  { when, treatment }: CallFilter,
  names: (campaign_id: string) => string,
): string {
  return `A caller ${when.map(conditionWords).join(" and ")} ${treatmentWords(treatment, names)}.`;
}

/** What else is set, in sentences. */
export function routingSentences(routing: CampaignRouting, names: (campaign_id: string) => string): string[] {
  const { sticky, early_drop_s, suspended, look_up_callers } = routing;
  return [
    sticky
      ? "A repeat caller is led to the target talked to last, if it is open."
      : "Repeat callers are shared out anew.",
    early_drop_s > 0
      ? `A call that was answered for less than ${lasting(early_drop_s)} goes on to the next target.`
      : "A call that was answered ends with its target.",
    `A caller of a suspended publisher's own number ${treatmentWords(suspended, names)}.`,
    ...(look_up_callers
      ? ["A caller's type is looked up after the first call, and known from the next on."]
      : []),
  ];
}
