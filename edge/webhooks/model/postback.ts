import type { Call } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { type MessageType, POSTBACK_MACROS, type PostbackMacro } from "../../../shared/api/webhooks.ts";
import type { Instant } from "../../../shared/instant.ts";

const MACRO = /\{([^{}]*)\}/g;
const OF_VISIT = /^(click_ids|data)\.([\w-]{1,64})$/;
const KNOWN: ReadonlySet<string> = new Set(POSTBACK_MACROS);

/** What is wrong with the macros of an address, in words; null when nothing is. */
export function macroFault(url: string): string | null {
  const place = url.replace(/^https?:\/\/[^/?]*/i, "");
  if (/[{}]/.test(url.slice(0, url.length - place.length))) return "must not have a macro in its host";
  if (/[{}]/.test(place.replaceAll(MACRO, ""))) return "has a brace without its other one";
  for (const [, name = ""] of place.matchAll(MACRO)) {
    if (!KNOWN.has(name) && !OF_VISIT.test(name)) return `knows no macro {${name}}`;
  }
  return null;
}

/** What a postback is about: a call as its organization sees it, or nothing, when it is tried. */
export type Told = { id: string; type: MessageType; occurred_at: Instant; call: Partial<Call> | null };

/** The address with every macro filled in, each encoded as a part of a URL: a value can add nothing to it. */
export function filledIn(url: string, told: Told, kind: OrganizationKind): string {
  return url.replaceAll(MACRO, (_, name: string) => encodeURIComponent(valueFor(name, told, kind) ?? ""));
}

/** How what is owed or earned by an organization stands; to a network what is paid out. */
export function statusOf(call: Partial<Call>, kind: OrganizationKind): string | undefined {
  return (kind === "advertiser" ? call.revenue : call.payout)?.status;
}

function valueFor(name: string, told: Told, kind: OrganizationKind): string | number | null | undefined {
  const call = told.call ?? {};
  const [, of, key = ""] = OF_VISIT.exec(name) ?? [];
  if (of === "click_ids") return call.session?.click_ids?.[key];
  if (of === "data") return call.session?.data?.[key];
  const values: Record<PostbackMacro, string | number | null | undefined> = {
    id: told.id,
    type: told.type,
    timestamp: told.occurred_at,
    call_id: call.id,
    provider_call_id: call.provider_call_id,
    status: statusOf(call, kind),
    campaign_id: call.campaign_id,
    publisher_id: call.publisher_id,
    caller: call.from,
    number: call.to,
    started_at: call.started_at,
    duration_s: call.duration_s,
    connected_s: call.connected_s,
    currency: call.currency,
    payout: decimal(call.payout?.payout_micros),
    payout_micros: call.payout?.payout_micros,
    revenue: decimal(call.revenue?.revenue_micros),
    revenue_micros: call.revenue?.revenue_micros,
    sub1: call.sub1,
    sub2: call.sub2,
    sub3: call.sub3,
    sub4: call.sub4,
    sub5: call.sub5,
    source: call.session?.source,
    medium: call.session?.medium,
    campaign: call.session?.campaign,
    term: call.session?.term,
    content: call.session?.content,
  };
  return values[name as PostbackMacro];
}

const MICROS = 1_000_000;

/** `45.00`, `0.125`: exact, with two digits after the point at least. */
function decimal(micros: number | undefined): string | undefined {
  if (micros === undefined) return undefined;
  const whole = Math.trunc(micros / MICROS);
  const rest = String(Math.abs(micros % MICROS)).padStart(6, "0");
  return `${micros < 0 && whole === 0 ? "-" : ""}${whole}.${rest.replace(/0{1,4}$/, "")}`;
}
