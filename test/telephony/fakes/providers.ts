import { fixedClock } from "../../../edge/platform/clock.ts";
import type { Surroundings } from "../../../edge/telephony/rest/client.ts";
import type { Provider } from "../../../shared/api/inventory.ts";
import { NOON } from "../../support/world.ts";
import { fakeLaml } from "./laml.ts";
import { fakePlivo } from "./plivo.ts";
import type { FakeLeg, FakeMemory, FakeServer } from "./server.ts";
import { fakeTelnyx } from "./telnyx.ts";

export type Fake = FakeServer & FakeMemory;

export const API_PROVIDERS = [
  "twilio",
  "telnyx",
  "signalwire",
  "plivo",
] as const satisfies readonly Provider[];
export type ApiProvider = (typeof API_PROVIDERS)[number];

export const FAKE_ACCOUNT = { sid: "AC0123456789abcdef0123456789abcdef", token: "token-of-the-account" };

/** The fake of a provider's REST API, for `FAKE_ACCOUNT`. */
export async function fakeOf(provider: ApiProvider): Promise<Fake> {
  switch (provider) {
    case "twilio":
      return fakeLaml({ ...FAKE_ACCOUNT, prefix: "" });
    case "signalwire":
      return fakeLaml({ ...FAKE_ACCOUNT, prefix: "/api/laml" });
    case "telnyx":
      return fakeTelnyx(FAKE_ACCOUNT);
    case "plivo":
      return fakePlivo(FAKE_ACCOUNT);
  }
}

/** A caller's call, `length_s` long with our answer, and the legs dialled for it; null: not answered. */
export type FakeCall = {
  id: string;
  from?: string;
  to: string;
  started_at: number;
  length_s: number;
  legs: { id: string; to: string; connected_s: number | null; unanswered?: FakeLeg["unanswered"] }[];
  /** What the dialled phones were shown; the caller's number unless told. */
  shown?: string;
};

/** Puts a call that has ended into a provider's records. */
export function recordCall(fake: Fake, call: FakeCall): void {
  const { id, from = "+14155550177", to, started_at, length_s, shown = from } = call;
  const ended_at = started_at + length_s * 1_000;
  fake.legs.push({
    id,
    parent_id: null,
    direction: "inbound",
    from,
    to,
    started_at,
    answered_at: started_at,
    ended_at,
  });
  for (const leg of call.legs) {
    fake.legs.push({
      id: leg.id,
      parent_id: id,
      direction: "outbound",
      from: shown,
      to: leg.to,
      started_at: started_at + 1_000,
      answered_at: leg.connected_s === null ? null : ended_at - leg.connected_s * 1_000,
      ended_at,
      ...(leg.unanswered && { unanswered: leg.unanswered }),
    });
  }
}

/** A caller's call that was answered and goes on. */
export function beginCall(fake: Fake, { id, to, started_at }: Omit<FakeCall, "length_s" | "legs">): void {
  const from = "+14155550177";
  const up = { parent_id: null, direction: "inbound", ended_at: null } as const;
  fake.legs.push({ id, from, to, started_at, answered_at: started_at, ...up });
}

/** Nobody waits in a test: how long the client would have slept is written down instead. */
export function surroundings(slept: number[] = [], chance = 0.5): Surroundings {
  return {
    fetch: (url, init) => fetch(url, init),
    sleep: async (ms) => void slept.push(ms),
    chance: () => chance,
    clock: fixedClock(NOON),
  };
}

/** Another caller for each call: repeats are another test's. */
export function callerOf(id: string): string {
  const sum = [...id].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 10_000, 7);
  return `+1415444${String(sum).padStart(4, "0")}`;
}
