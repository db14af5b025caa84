import { describe, expect, it } from "vitest";
import { type Progress, stepsDone } from "../../dashboard/pages/first-steps.tsx";
import { leadSentence } from "../../dashboard/pages/overview/lead.ts";
import { difference, MEASURES, METRICS, written } from "../../dashboard/pages/overview/measures.ts";
import { dryPool, openDisputes, refusedHooks, silentSite } from "../../dashboard/pages/overview/needs.ts";
import { stagesOf } from "../../dashboard/pages/overview/stages.ts";
import { matching } from "../../dashboard/parts/picker.tsx";
import type { Call } from "../../shared/api/calls.ts";
import type { Pool, Site } from "../../shared/api/inventory.ts";

const totals = {
  calls: 4562,
  connected_calls: 4019,
  connected_s: 687_000,
  billable_calls: 2841,
  payable_calls: 98,
  revenue_micros: 203_452_000_000,
  payout_micros: 131_713_000_000,
  margin_micros: 71_739_000_000,
};
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("the sentence", () => {
  it("says to each kind what it pays or earns, and nothing of the other side", () => {
    const before = { calls: 4270, label: "four weeks before" };
    expect(plain(leadSentence("network", totals, "USD", before))).toBe(
      "4,562 calls, 6.8% more than four weeks before. 2,841 qualified: advertisers are charged 203,452.00 USD, publishers earn 131,713.00 USD, 71,739.00 USD stays with you.",
    );
    const advertiser = plain(leadSentence("advertiser", totals, "USD", null));
    expect(advertiser).toBe("4,562 calls. 2,841 qualified: you pay 203,452.00 USD.");
    const publisher = plain(leadSentence("publisher", totals, "USD", null));
    expect(publisher).toBe("4,562 calls. 98 of them earned you 131,713.00 USD.");
  });

  it("compares honestly", () => {
    const said = (calls: number, then: number) =>
      leadSentence("network", { ...totals, calls }, "USD", { calls: then, label: "the week before" });
    expect(said(90, 100)).toContain("10.0% fewer than the week before");
    expect(said(187, 10)).toContain("18.7 times as many as the week before");
    expect(said(100, 100)).toContain("as many as the week before");
    expect(plain(said(100, 0))).toMatch(/^100 calls\. /);
    expect(leadSentence("network", { calls: 0 }, null, null)).toBe("No calls in this period.");
  });

  it("adds no money of several currencies", () => {
    const { revenue_micros: _, payout_micros: __, margin_micros: ___, ...mixed } = totals;
    expect(leadSentence("network", mixed, null, null)).toContain("several currencies: choose one");
  });
});

describe("the trail of all calls", () => {
  const all = { ...totals, sessions: 48_120, leases: 43_640, paid_calls: 2151 };
  const told = (kind: Parameters<typeof stagesOf>[0], row: Parameters<typeof stagesOf>[1] = all) =>
    stagesOf(kind, row).map(({ label, detail }) => `${label} ${detail}`.trim());

  it("says at each stage what share of the one before came this far", () => {
    expect(told("network")).toEqual([
      "Sessions visits",
      "Leases 90.7%",
      "Calls 10.5%",
      "Connected 88.1%",
      "Qualified 70.7%",
      "Paid out 75.7%",
    ]);
  });

  it("begins with the call where visits are not told: with a filter that only calls have, and for an advertiser", () => {
    const { sessions: _, leases: __, ...calls_only } = all;
    expect(told("network", calls_only)[0]).toBe("Calls");
    expect(told("advertiser")).toEqual(["Calls", "Connected 88.1%", "Qualified 70.7%", "Paid 75.7%"]);
    expect(METRICS.advertiser).not.toContain("sessions");
  });
});

describe("the figures", () => {
  it("ask for no metric that the role may not see", () => {
    expect(METRICS.advertiser.join()).not.toMatch(/payout|margin|payable/);
    expect(METRICS.publisher.join()).not.toMatch(/revenue|margin|billable/);
    for (const kind of ["network", "advertiser", "publisher"] as const)
      expect(MEASURES[kind]).toHaveLength(6);
  });

  it("have no value where there is nothing to measure", () => {
    const connected = MEASURES.network.find(({ id }) => id === "connected");
    const revenue = MEASURES.network.find(({ id }) => id === "revenue");
    if (!connected || !revenue) throw new Error("missing measure");
    expect(written(connected, connected.read({ calls: 0 }))).toBe("—");
    expect(written(revenue, revenue.read({ calls: 5 }))).toBe("—");
    expect(written(connected, connected.read(totals))).toBe("88.1%");
    expect(plain(difference(connected, 0.881, 0.888) ?? "")).toBe("−0.7 points");
    expect(difference(revenue, 5, null)).toBeNull();
  });
});

describe("what needs a person", () => {
  it("is a pool without a free number, or without any", () => {
    const pool = { id: "pol_1", name: "Bay" };
    expect(dryPool(pool, { numbers: 48, free: 1 })).toBeNull();
    expect(dryPool(pool, { numbers: 48, free: 0 })?.what).toBe("Pool “Bay” is dry.");
    expect(dryPool(pool, { numbers: 0, free: 0 })?.what).toBe("Pool “Bay” has no numbers.");
  });

  it("is an account whose hooks are refused, and a site that fell silent", () => {
    expect(refusedHooks({ id: "tel_1", name: "West", refused_today: 0 })).toBeNull();
    expect(plain(refusedHooks({ id: "tel_1", name: "West", refused_today: 1 })?.what ?? "")).toBe(
      "1 hook of “West” refused.",
    );
    const site = { id: "sit_1", origins: ["https://a.example"], last_page_view_at: 1_000 };
    expect(silentSite(site, 1_000 + 86_399_999)).toBeNull();
    expect(silentSite(site, 1_000 + 86_400_000)?.what).toBe("a.example is silent.");
    expect(silentSite({ ...site, last_page_view_at: null }, 1e12)).toBeNull();
  });
});

describe("open disputes", () => {
  it("wait for the network, the oldest first", () => {
    const [late, early] = [2, 1].map((n) => ({ id: `dsp_${n}`, call_id: `cal_${n}`, opened_at: n }));
    if (!late || !early) throw new Error("there are two");
    expect(openDisputes([], false, 3)).toBeNull();
    expect(openDisputes([late, early], false, 3)).toMatchObject({
      what: "2 disputes wait for a decision.",
      since: 1,
      href: "/disputes",
    });
    expect(openDisputes([early], false, 3)).toMatchObject({
      href: "/calls/cal_1?do=dsp_1",
      act: "Decide it",
    });
  });
});

describe("the first steps", () => {
  const none: Progress = { campaign: null, pool: null, site: null, call: null };
  const pool = { id: "pol_1", name: "First", numbers: 0 } as Pool;
  const site = { id: "sit_1", last_page_view_at: null } as Site;
  const call = { id: "cal_1", revenue: { status: "pending" } } as Call;

  it("are done by what there is: a pool needs numbers, a tag a page view, a verdict more than a call", () => {
    expect(stepsDone(none)).toEqual([false, false, false, false, false, false]);
    expect(stepsDone({ ...none, pool, site, call })).toEqual([false, false, true, false, true, false]);
    const judged = { ...call, revenue: { status: "rejected" } } as Call;
    const seen = { ...site, last_page_view_at: 1_000 };
    const done = stepsDone({ ...none, pool: { ...pool, numbers: 8 }, site: seen, call: judged });
    expect(done).toEqual([false, true, true, true, true, true]);
  });
});

describe("the picker", () => {
  const options = ["Local moves", "Same-day dental", "Dental care"].map((label) => ({ value: label, label }));

  it("finds all words in any order, what begins with them first", () => {
    expect(matching(options, "dental").map(({ label }) => label)).toEqual(["Dental care", "Same-day dental"]);
    expect(matching(options, "day same").map(({ label }) => label)).toEqual(["Same-day dental"]);
    expect(matching(options, " ")).toHaveLength(3);
    expect(matching(options, "(")).toEqual([]);
  });
});
