import type { Pool, PoolInput, PoolPatch } from "../../../shared/api/inventory.ts";
import { readDuration, readMoney, writeDuration, writeMoney } from "../../parts/form/amounts.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

const minutes = (text: string) => readDuration(text, "min");
const days = (text: string) => readDuration(text, "d");

const COOLDOWN_MODES = ["fixed", "automatic"] as const;
const WHEN_EMPTY = ["static", "page", "share"] as const;

/** Reads a new pool: its campaign, name, publisher if it is one's own, and times where they differ from the usual. */
export function readPoolInput(values: Values): Draft<PoolInput> {
  const read = new Reading(values);
  return read.body({
    campaign_id: read.required("campaign_id", "Choose a campaign."),
    name: read.required("name", "Give it a name."),
    publisher_id: read.text("publisher_id") || undefined,
    lease_ttl_s: read.value("lease_ttl_s", minutes, 0),
    cooldown_s: read.value("cooldown_s", minutes, 0),
    late_window_s: read.value("late_window_s", days, 0),
    cooldown_mode: read.choice("cooldown_mode", COOLDOWN_MODES),
    when_empty: read.choice("when_empty", WHEN_EMPTY),
    objects: 1,
    number_rent_micros: read.optional("number_rent_micros", readMoney),
  });
}

export function readPoolPatch(values: Values): Draft<PoolPatch> {
  const read = new Reading(values);
  return read.body({
    name: read.required("name", "Give it a name."),
    lease_ttl_s: read.value("lease_ttl_s", minutes, 0),
    cooldown_s: read.value("cooldown_s", minutes, 0),
    late_window_s: read.value("late_window_s", days, 0),
    cooldown_mode: read.choice("cooldown_mode", COOLDOWN_MODES),
    when_empty: read.choice("when_empty", WHEN_EMPTY),
    number_rent_micros: read.optional("number_rent_micros", readMoney) ?? null,
  });
}

/** What the field of a number's rent begins with. */
export function rentOf(pool: Pick<Pool, "number_rent_micros"> | null): string {
  const rent = pool?.number_rent_micros ?? null;
  return rent === null ? "" : writeMoney(rent);
}

/** What the fields of times begin with: a pool's own, or the usual ones for a new pool. */
export function timesOf(pool: Pick<Pool, "lease_ttl_s" | "cooldown_s" | "late_window_s"> | null) {
  return {
    lease_ttl_s: writeDuration(pool?.lease_ttl_s ?? 1800),
    cooldown_s: writeDuration(pool?.cooldown_s ?? 900),
    late_window_s: writeDuration(pool?.late_window_s ?? 30 * 86_400),
  };
}

/** The patch that brings a pool's settings back. */
export function settingsOf(pool: Pool): PoolPatch {
  const { name, lease_ttl_s, cooldown_s, cooldown_mode, when_empty, late_window_s } = pool;
  const { number_rent_micros = null } = pool;
  return { name, lease_ttl_s, cooldown_s, cooldown_mode, when_empty, late_window_s, number_rent_micros };
}
