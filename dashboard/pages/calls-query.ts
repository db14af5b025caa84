import { CALL_STATUSES, METHODS, VERDICT_STATUSES } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { client, QueryOf } from "../api.ts";
import { type FilterField, readFilters } from "../parts/filters.tsx";
import { METHOD_WORDS, VERDICT_WORDS } from "../parts/glyph.tsx";
import type { Option } from "../parts/picker.tsx";
import type { Range } from "../range.ts";

/** Words of a call's status, as the provider and the fold tell it. */
export const STATUS_WORDS: Readonly<Record<(typeof CALL_STATUSES)[number], string>> = {
  ringing: "Ringing",
  answered: "On the line",
  completed: "Completed",
  no_answer: "No answer",
  busy: "Busy",
  failed: "Failed",
  canceled: "Hung up",
  rejected: "Turned away",
};

/** What the call log can be asked for. */
export type CallsQuery = QueryOf<typeof client.calls.$get>;
type CallField = FilterField<keyof CallsQuery>;

/** The names that a viewer's filters choose from. */
export type FilterChoices = { campaigns: readonly Option[]; publishers: readonly Option[] };

const UTM: readonly CallField[] = [
  { name: "utm_source", label: "source" },
  { name: "utm_medium", label: "medium" },
  { name: "utm_campaign", label: "UTM campaign" },
  { name: "utm_term", label: "keyword" },
];

/**
 * What the call log can be filtered by, as far as the role may see it: an advertiser has neither publishers nor
 * the payout's verdict, a publisher no other publishers. Names are the API's query parameters.
 */
export function callFilters(kind: OrganizationKind, choices: FilterChoices): CallField[] {
  const fields: CallField[] = [{ name: "campaign_id", label: "campaign", options: choices.campaigns }];
  if (kind === "network")
    fields.push({ name: "publisher_id", label: "publisher", options: choices.publishers });
  if (kind !== "advertiser") {
    fields.push({
      name: "payout_status",
      label: "payout",
      options: VERDICT_STATUSES.map((value) => ({ value, label: VERDICT_WORDS[value] })),
    });
  }
  return [
    ...fields,
    {
      name: "status",
      label: "status",
      options: CALL_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] })),
    },
    {
      name: "attribution",
      label: "method",
      options: METHODS.map((value) => ({ value, label: METHOD_WORDS[value] })),
    },
    ...UTM,
  ];
}

/** The query of `GET /calls` for what the URL says; paging is not part of it. */
export function callQuery(params: URLSearchParams, range: Range, fields: readonly CallField[]): CallsQuery {
  return { from: range.from, to: range.to, ...readFilters(params, fields), q: params.get("q") };
}

/** One filter that is set: its parameter and how its chip reads. */
export type ActiveFilter = { name: string; words: string };

/** Every filter that narrows the list now, the search included. */
export function activeFilters(params: URLSearchParams, fields: readonly FilterField[]): ActiveFilter[] {
  const active: ActiveFilter[] = [];
  const q = params.get("q");
  if (q) active.push({ name: "q", words: `search: ${q}` });
  for (const { name, label, options } of fields) {
    const value = params.get(name);
    if (!value) continue;
    const shown = options?.find((option) => option.value === value)?.label ?? value;
    active.push({ name, words: `${label} is ${shown}` });
  }
  return active;
}
