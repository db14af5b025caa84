import { describe, expect, it } from "vitest";
import { SettingsCache } from "../../edge/inventory/settings-cache.ts";
import { fixedClock } from "../../edge/platform/clock.ts";

const NOON = Date.UTC(2026, 10, 21, 12);

/** A cache over a D1 whose answers are opened one by one, and the work that requests left behind. */
function harness() {
  const cache = new SettingsCache<string, string>();
  const reads: { answer(value: string | null): void; fail(): void }[] = [];
  const left: Promise<unknown>[] = [];
  const read = () =>
    new Promise<string | null>((resolve, reject) => {
      reads.push({ answer: resolve, fail: () => reject(new Error("D1 is away")) });
    });
  const ask = (age_ms: number) =>
    cache.get({ clock: fixedClock(NOON + age_ms), later: (work) => left.push(work) }, "site", read);
  const settle = () => Promise.all(left);
  return { reads, ask, settle };
}

/** The same, with a first answer at noon. */
async function warm() {
  const own = harness();
  const first = own.ask(0);
  own.reads[0]?.answer("old");
  expect(await first).toEqual({ kind: "found", value: "old" });
  return own;
}

describe("remembered settings", () => {
  it("are served without a read for four seconds", async () => {
    const { ask, reads } = await warm();
    expect(await ask(3_999)).toEqual({ kind: "found", value: "old" });
    expect(reads).toHaveLength(1);
  });

  it("are read ahead by one of fifty requests, and none waits for it", async () => {
    const { ask, reads, settle } = await warm();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(4_000 + i)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"kind":"found","value":"old"}']),
    );
    expect(reads).toHaveLength(2);
    reads[1]?.answer("new");
    await settle();
    expect(await ask(5_500)).toEqual({ kind: "found", value: "new" });
    expect(reads).toHaveLength(2);
  });

  it("are never older than five seconds while D1 answers, also when reading ahead failed", async () => {
    const { ask, reads, settle } = await warm();
    await ask(4_500);
    reads[1]?.fail();
    await settle();
    expect(await ask(4_999)).toEqual({ kind: "found", value: "old" });
    const late = ask(5_000);
    reads[2]?.answer("new");
    expect(await late).toEqual({ kind: "found", value: "new" });
    expect(reads).toHaveLength(3);
  });

  it("are gone when reading ahead finds them gone", async () => {
    const { ask, reads, settle } = await warm();
    await ask(4_500);
    reads[1]?.answer(null);
    await settle();
    const next = ask(4_600);
    reads[2]?.answer(null);
    expect(await next).toEqual({ kind: "absent" });
  });

  it("are not put back by a read that was overtaken", async () => {
    const { ask, reads, settle } = await warm();
    await ask(4_500);
    const later = ask(5_200);
    reads[2]?.answer("newer");
    expect(await later).toEqual({ kind: "found", value: "newer" });
    reads[1]?.answer("new");
    await settle();
    expect(await ask(5_300)).toEqual({ kind: "found", value: "newer" });
  });

  it("serve on when D1 is away, and what is unknown is unavailable", async () => {
    const { ask, reads } = await warm();
    const late = ask(60_000);
    reads[1]?.fail();
    expect(await late).toEqual({ kind: "found", value: "old" });
    const unknown = harness();
    const asked = unknown.ask(0);
    unknown.reads[0]?.fail();
    expect(await asked).toEqual({ kind: "unavailable" });
  });
});
