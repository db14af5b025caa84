import type { Call } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { counted, NBSP } from "../../format.ts";
import { sayProbability } from "./candidate-rows.ts";
import { type Names, publisherName } from "./names.ts";
import { isAttributed } from "./verdict.ts";

/** How sure the join is and why, in one or two sentences above the plot. */
export function attributionWords(call: Call, kind: OrganizationKind, names: Names): string {
  if (!isAttributed(call)) return "It is not decided yet whose call this is.";
  return [methodSentence(call), publisherSentence(call, kind, names)].filter(Boolean).join(" ");
}

function methodSentence(call: Call): string {
  const { method, candidates } = call.attribution;
  const visits = candidates.reduce((sum, candidate) => sum + (candidate.count ?? 1), 0);
  switch (method) {
    case "static_number":
      return "The number belongs to one place only, so no visit has to be found.";
    case "lease":
      return "The number was leased to this visitor when it rang.";
    case "late_lease":
      return "The lease had ended when it rang, so the join is inferred over the gap.";
    case "none":
      return visits === 0
        ? "Nobody is known to have been shown this number, so something else explains the call: a misdial, a printout, a shared link."
        : `Something else explains the call better than ${visits === 1 ? "the one visit" : `any of the ${counted(visits, "visit")}`} that ${visits === 1 ? "was" : "were"} shown this number.`;
  }
}

const MOST_TERMS = 4;

/** A publisher's probability is the sum over its candidates, so it may be surer than any one visit. */
function publisherSentence(call: Call, kind: OrganizationKind, names: Names): string {
  const { publisher_id, attribution } = call;
  if (attribution.method === "static_number" || attribution.publisher_confidence === 0) return "";
  const sure = sayProbability(attribution.publisher_confidence);
  const name = kind === "publisher" ? "you" : publisherName(call, names);
  if (name === null) return `The likeliest publisher reaches ${sure}.`;
  const own = attribution.candidates
    .filter(
      (candidate) => publisher_id && candidate.publisher_id === publisher_id && candidate.count === undefined,
    )
    .map((candidate) => sayProbability(candidate.probability));
  const held = kind === "publisher" ? `You hold` : `${name} holds`;
  const sum = own.reduce((total, text) => total + Number(text.replace(/[^\d.]/g, "")), 0);
  if (own.length >= 2 && own.length <= MOST_TERMS && sum.toFixed(3) === sure) {
    return `${held} ${own.length} of the candidates, so the publisher is surer than the visit: ${own.join(`${NBSP}+${NBSP}`)}${NBSP}=${NBSP}${sure}.`;
  }
  return kind === "publisher" ? `Your probability is ${sure}.` : `${name}'s probability is ${sure}.`;
}
