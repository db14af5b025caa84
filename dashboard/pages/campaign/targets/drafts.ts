import type {
  CallFilter,
  CampaignRouting,
  CampaignRoutingPatch,
  GroupInput,
  TargetGroup,
  Treatment,
} from "../../../../shared/api/routing.ts";
import type { Target, TargetInput, TargetPatch } from "../../../../shared/api/targets.ts";
import { err, ok } from "../../../../shared/result.ts";
import { type Read, readCount, readDialTarget, readDuration, readList } from "../../../parts/form/amounts.ts";
import { readHours } from "../../../parts/form/hours.ts";
import { type Draft, Reading, type Values } from "../../../parts/form/reading.ts";

const RANK_MAX = 1_000;

function readRank(text: string): Read<number> {
  const read = readCount(text);
  return read.ok && read.value <= RANK_MAX ? read : err(`A whole number from 1 to ${RANK_MAX}.`);
}

/** The only one that may be 0: the first of all. */
function readPriority(text: string): Read<number> {
  if (/^\s*0\s*$/.test(text)) return ok(0);
  return readRank(text).ok ? readRank(text) : err(`A whole number from 0 to ${RANK_MAX}.`);
}

const CAPS = ["concurrency_cap", "hourly_cap", "daily_cap", "monthly_cap", "total_cap"] as const;
type Caps = Record<(typeof CAPS)[number], number | null>;

function readCaps(read: Reading): Caps {
  return Object.fromEntries(CAPS.map((name) => [name, read.optional(name, readCount) ?? null])) as Caps;
}

function readFields(read: Reading, zone: string) {
  return {
    number: read.value("number", readDialTarget, ""),
    name: read.optional("name", (text) => ok(text)) ?? null,
    group_id: read.optional("group_id", (text) => ok(text)) ?? null,
    priority: read.value("priority", readPriority, 1),
    weight: read.value("weight", readRank, 1),
    timeout_s: read.value("timeout_s", (text) => readDuration(text, "s"), 30),
    hours: read.optional("hours", (text) => readHours(text, zone)) ?? null,
    regions: read.optional("regions", (text) => ok(readList(text.toUpperCase()))) ?? null,
    ...readCaps(read),
  };
}

/** @param zone the campaign's, in which its hours are told */
export function readTarget(values: Values, campaign_id: string, zone: string): Draft<TargetInput> {
  const read = new Reading(values);
  return read.body({ campaign_id, ...readFields(read, zone) });
}

/** All of a target's fields: an emptied one is taken away. */
export function readTargetPatch(values: Values, before: Target, zone: string): Draft<TargetPatch> {
  const read = new Reading(values);
  return read.body(readFields(read, before.hours?.timezone ?? zone));
}

export function readGroup(values: Values, campaign_id: string): Draft<GroupInput> {
  const read = new Reading(values);
  return read.body({
    campaign_id,
    name: read.required("name", "Give it a name."),
    ringing: read.choice("ringing", ["sequential", "simultaneous"]),
    ...readCaps(read),
  });
}

/** The caps as fields show them. */
export function writeCaps(of: Pick<Target | TargetGroup, keyof Caps> | null): Record<keyof Caps, string> {
  return Object.fromEntries(CAPS.map((name) => [name, of?.[name] == null ? "" : String(of[name])])) as Record<
    keyof Caps,
    string
  >;
}

/** Filters as the field shows them: JSON, one a line. */
export function writeFilters(filters: readonly CallFilter[]): string {
  return filters.map((filter) => JSON.stringify(filter)).join("\n");
}

/** Every line a filter; whether it is a good one the server says. */
function readFilters(text: string): Read<CallFilter[]> {
  const lines = text.split("\n").flatMap((line) => line.trim().replace(/,$/, "") || []);
  const filters: CallFilter[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      filters.push(JSON.parse(line) as CallFilter);
    } catch {
      return err(`Line ${index + 1} is not JSON.`);
    }
  }
  return ok(filters);
}

const TREATMENTS = ["route", "message", "voicemail", "campaign"] as const;

export function suspendedChoice({ suspended }: CampaignRouting): (typeof TREATMENTS)[number] {
  return suspended.action;
}

function readTreatment(read: Reading): Treatment {
  const action = read.choice("suspended", TREATMENTS);
  if (action === "campaign") {
    return { action, campaign_id: read.required("suspended/campaign_id", "Which campaign?") };
  }
  const say = action === "message" ? read.text("suspended/say") : "";
  return action === "message" && say !== "" ? { action, say } : { action };
}

/** A campaign's routing as its form holds it: all of it. */
export function readRouting(values: Values): Draft<CampaignRoutingPatch> {
  const read = new Reading(values);
  return read.body({
    filters: read.optional("filters", readFilters) ?? [],
    sticky: read.checked("sticky"),
    early_drop_s: read.optional("early_drop_s", (text) => readDuration(text, "s")) ?? 0,
    suspended: readTreatment(read),
    look_up_callers: read.checked("look_up_callers"),
  });
}
