import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { apiBase } from "../../edge/telephony/rest/apis.ts";
import { restClient } from "../../edge/telephony/rest/client.ts";
import { law } from "../support/laws.ts";
import { NOON } from "../support/world.ts";
import { surroundings } from "./fakes/providers.ts";

describe("the client", () => {
  const GET = { method: "GET", path: "/x", repeatable: true } as const;
  const client = (fetched: () => Promise<Response>, slept: number[] = [], chance = 0.5) =>
    restClient("https://api.example", {}, { ...surroundings(slept, chance), fetch: fetched });

  it("backs off at random, ever longer, never below what the provider asks for", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { minLength: 3, maxLength: 3 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (asked_s, chance) => {
          const slept: number[] = [];
          const answers = asked_s.map(
            (wait_s) =>
              new Response(null, {
                status: 503,
                headers: wait_s === null ? {} : { "retry-after": `${wait_s}` },
              }),
          );
          const answer = client(async () => answers.shift() ?? new Response("{}"), slept, chance);
          expect((await answer(GET)).ok).toBe(true);
          // Between two tries there is the wait, then the gap that every request keeps.
          const waits = slept.filter((_, i) => i % 2 === 1);
          asked_s.forEach((wait_s, i) => {
            const least_ms = wait_s === null ? 0 : wait_s * 1_000;
            expect(waits[i]).toBeGreaterThanOrEqual(least_ms);
            expect(waits[i]).toBeLessThanOrEqual(least_ms + 500 * 2 ** i);
          });
        },
      ),
      law(100),
    ));

  it("does not repeat a purchase unless nothing was done", async () => {
    const purchase = { method: "POST", path: "/x", form: { a: "b" }, repeatable: false } as const;
    for (const [answer, tries] of [
      [() => new Response(null, { status: 500 }), 1],
      [() => new Response(null, { status: 503 }), 1],
      [() => Promise.reject(new Error("reset")), 1],
      [() => new Response(null, { status: 503, headers: { "retry-after": "1" } }), 4],
      [() => new Response(null, { status: 429 }), 4],
    ] as const) {
      const fetched = vi.fn(async () => answer());
      expect((await client(fetched)(purchase)).ok).toBe(false);
      expect(fetched).toHaveBeenCalledTimes(tries);
    }
  });

  it("reads a Retry-After that is a date", async () => {
    const slept: number[] = [];
    const date = new Date(NOON + 7_000).toUTCString();
    const answers = [new Response(null, { status: 429, headers: { "retry-after": date } })];
    await client(async () => answers.shift() ?? new Response("{}"), slept, 0)(GET);
    expect(slept).toContain(7_000);
  });

  it("gives up on an answer that does not come, and on one that is no JSON", async () => {
    vi.useFakeTimers();
    try {
      let signal: AbortSignal | null | undefined;
      const hanging = restClient(
        "https://api.example",
        {},
        {
          ...surroundings(),
          fetch: (_url, init) => {
            signal = init.signal;
            return new Promise(() => {});
          },
        },
      );
      const asked = hanging({ ...GET, repeatable: false });
      await vi.advanceTimersByTimeAsync(9_000);
      expect(signal?.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1_001);
      expect(await asked).toEqual({ ok: false, error: { kind: "unreachable", detail: "no answer in time" } });
      expect(signal?.aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    const html = client(async () => new Response("<html>", { status: 200 }));
    expect(await html(GET)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
  });

  it("asks no other host than the provider's", () => {
    expect(apiBase("twilio", null)).toBe("https://api.twilio.com");
    expect(apiBase("signalwire", "example.signalwire.com")).toBe("https://example.signalwire.com");
    for (const space of [
      "evil.example",
      "signalwire.com",
      "a.b.signalwire.com",
      "x.signalwire.com.evil.example",
      "x@evil.signalwire.com",
    ]) {
      expect(apiBase("signalwire", space)).toBeNull();
    }
  });
});
