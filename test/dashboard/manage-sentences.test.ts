import { describe, expect, it } from "vitest";
import {
  campaignsSentence,
  pauseSentence,
  standingOf,
  termsSentence,
  versionStanding,
} from "../../dashboard/pages/campaign/sentence.ts";
import { sightRows } from "../../dashboard/pages/campaign/sight.ts";
import { marginWords, termsChanges, termsRows } from "../../dashboard/pages/campaign/terms-rows.ts";
import { numbersSentence } from "../../dashboard/pages/numbers/sentence.ts";
import { poolSentence, poolsSentence, stateWords } from "../../dashboard/pages/pool/sentence.ts";
import {
  broughtSentence,
  earnedOf,
  earnedSentence,
  owesSentence,
  sidesSentence,
} from "../../dashboard/pages/publisher/sentence.ts";
import { ago, pulseSentence, sitesSentence } from "../../dashboard/pages/site/sentence.ts";
import type { Campaign, TermsVersion } from "../../shared/api/campaigns.ts";
import type { PoolNumberState, Site } from "../../shared/api/inventory.ts";

const ZONE = "America/Los_Angeles";
const NOW = Date.parse("2026-11-20T14:32:05-08:00");
const MIN = 60_000;
const DAY_S = 86_400;
/** No-break spaces read as spaces here. */
const plain = (text: string | null) => text?.replaceAll("\u00a0", " ") ?? null;

const TERMS: TermsVersion = {
  id: "trm_1",
  campaign_id: "cmp_1",
  version: 1,
  created_at: 0,
  effective_at: 0,
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * DAY_S,
  repeat_callers: "first_only",
  dedupe_scope: "campaign",
  hold_s: 5 * DAY_S,
  signal_window_s: 30 * DAY_S,
};
const CAMPAIGN: Campaign = {
  id: "cmp_1",
  advertiser_id: "org_1",
  name: "Emergency plumbing",
  timezone: ZONE,
  currency: "USD",
  attribution_floor: 0.9,
  terms: TERMS,
  paused_at: null,
  pause_reason: null,
  resume_at: null,
  created_at: 0,
  retired_at: null,
};

function state(name: PoolNumberState["state"], reusable_in_min = 0, ends_in_min = 0): PoolNumberState {
  const isFree = name === "free";
  return {
    number_id: `num_${name}${reusable_in_min}`,
    e164: "+16285550101",
    state: name,
    leased_at: isFree ? null : NOW - 10 * MIN,
    expires_at: isFree ? null : NOW + ends_in_min * MIN,
    reusable_at: isFree ? null : NOW + reusable_in_min * MIN,
  };
}

function health(states: PoolNumberState[]) {
  const of = (name: PoolNumberState["state"]) => states.filter((one) => one.state === name).length;
  return {
    as_of: NOW,
    numbers: states.length,
    free: of("free"),
    leased: of("leased"),
    cooling: of("cooling"),
    states,
  };
}

describe("a pool says whether the next visitor gets a number", () => {
  const said = (states: PoolNumberState[]) => {
    const { decides, means } = poolSentence(health(states), ZONE);
    return plain(`${decides} ${means}`);
  };

  it("some free", () => {
    expect(said([state("free"), state("leased", 35, 20), state("cooling", 4)])).toBe(
      "1 of 3 numbers is free; 1 is leased and 1 is cooling. The next comes free at 14:36.",
    );
  });

  it("all free", () => {
    expect(said([state("free"), state("free")])).toBe("2 of 2 numbers are free. Nobody holds a number now.");
  });

  it("dry, and until when", () => {
    expect(said([state("leased", 35, 20), state("leased", 20, 5)])).toMatch(
      /^Dry\. All 2 numbers are taken; the next comes free at 14:52\./,
    );
  });

  it("empty", () => {
    expect(said([])).toMatch(/^This pool has no numbers\. .*not attributed\.$/);
  });

  it("how long a state still lasts", () => {
    expect(plain(stateWords(state("leased", 35, 20), NOW))).toBe("20 min left");
    expect(plain(stateWords({ ...state("cooling", 0), reusable_at: NOW + 4_200 }, NOW))).toBe("cools 5 s");
    expect(stateWords(state("free"), NOW)).toBe("free");
  });

  it("over all pools, names the dry one", () => {
    const pools = [
      { name: "Bay Area", numbers: 8 },
      { name: "Portland", numbers: 4 },
    ];
    const free = { numbers: 8, free: 3 };
    expect(plain(poolsSentence(pools, [free, { numbers: 4, free: 0 }]))).toBe(
      "2 pools lend 12 numbers. “Portland” is dry.",
    );
    expect(poolsSentence(pools, [free, free])).toMatch(/Every visitor who comes now gets one\.$/);
    expect(plain(poolsSentence(pools, [null, null]))).toBe("2 pools lend 12 numbers.");
    expect(poolsSentence([], [])).toMatch(/^There is no pool yet/);
  });
});

describe("a campaign says who pays whom, and for what", () => {
  const said = (kind: "network" | "advertiser" | "publisher", terms: TermsVersion | null = TERMS) =>
    plain(termsSentence(kind, { ...CAMPAIGN, terms }, "Redwood Plumbing"));

  it("to each side its own half", () => {
    const when = "once it was connected for 90 s and is its caller's first within 30 days";
    expect(said("network")).toBe(
      `Redwood Plumbing pays 70.00 USD for a call and its publisher earns 45.00 USD ${when}; the money is held for 5 days.`,
    );
    const { payout_micros: _, ...paid } = TERMS;
    expect(said("advertiser", paid)).toBe(`You pay 70.00 USD for a call ${when}.`);
    const { revenue_micros: __, ...earned } = TERMS;
    expect(said("publisher", earned)).toBe(
      `A call of yours earns 45.00 USD ${when}; the money is held for 5 days.`,
    );
  });

  it("no terms, no pay", () => {
    expect(said("network", null)).toMatch(/nobody pays/);
  });

  it("how it stands, and why it is paused", () => {
    const paused = { ...CAMPAIGN, paused_at: NOW, pause_reason: "Holiday", resume_at: NOW + 86_400_000 };
    expect(
      [CAMPAIGN, paused, { ...CAMPAIGN, terms: null }, { ...paused, retired_at: 1 }].map(standingOf),
    ).toEqual(["open", "paused", "no_terms", "retired"]);
    expect(plain(pauseSentence(paused, ZONE))).toBe(
      "Paused since Fri 20 Nov, 14:32, until Sat 21 Nov, 14:32: Holiday.",
    );
    expect(plain(campaignsSentence([CAMPAIGN, paused, { ...CAMPAIGN, terms: null }]))).toBe(
      "1 campaign takes calls; 1 is paused; 1 has no terms, so nobody pays for its calls.",
    );
  });

  it("which version is in force", () => {
    expect(versionStanding({ version: 2, effective_at: 5 }, 2, 10)).toBe("in force");
    expect(versionStanding({ version: 3, effective_at: 50 }, 2, 10)).toBe("to come");
    expect(versionStanding({ version: 1, effective_at: 1 }, 2, 10)).toBe("past");
  });
});

describe("terms, rule by rule", () => {
  const own = { ...TERMS, payout: { min_duration_s: 120, hold_s: 7 * DAY_S } };

  it("bind each side as they are; the other side's half is not there", () => {
    const rows = new Map(termsRows(own, "network").map((row) => [row.id, row]));
    expect(plain(rows.get("min_duration_s")?.revenue ?? null)).toBe("90 s");
    expect(plain(rows.get("min_duration_s")?.payout ?? null)).toBe("120 s");
    expect(rows.has("hours")).toBe(false);
    expect(termsRows(own, "advertiser").every(({ payout }) => payout === null)).toBe(true);
    expect(termsRows(own, "publisher").every(({ revenue }) => revenue === null)).toBe(true);
  });

  it("a new version is read back as what it changes", () => {
    const next = { ...own, revenue_micros: 75_000_000, min_duration_s: 60, payout: { hold_s: 7 * DAY_S } };
    expect(termsChanges(own, next).map(plain)).toEqual([
      "A call is worth, advertiser: 70.00 → 75.00",
      "Connected at least, advertiser: 90 s → 60 s",
      "Connected at least, publisher: 120 s → 60 s",
    ]);
    expect(termsChanges(own, own)).toEqual([]);
  });

  it("say what stays with the network of a call, and that nothing or a loss does", () => {
    const of = (revenue_micros: number, payout_micros: number) =>
      plain(marginWords({ revenue_micros, payout_micros }, "USD") ?? "");
    expect(of(70_000_000, 45_000_000)).toBe("You keep 25.00 USD of each call.");
    expect(of(70_000_000, 70_000_000)).toBe("Nothing of a call stays with you.");
    expect(of(70_000_000, 95_000_000)).toBe("You lose 25.00 USD on each call.");
    expect(marginWords({ revenue_micros: 70_000_000 }, "USD")).toBeNull();
    expect(termsChanges(TERMS, { ...TERMS, min_duration_s: 60 }).map(plain)).toEqual([
      "Connected at least: 90 s → 60 s",
    ]);
  });

  it("who sees what follows the network's settings", () => {
    const of = (what: string, shows: boolean) =>
      sightRows({ shows_callers: shows, shows_publishers: shows }).find((row) => row.what === what);
    expect(of("Caller's number", false)?.publisher).toBe("country and area code");
    expect(of("Caller's number", true)?.publisher).toBe("whole");
    expect(of("Publisher", false)?.advertiser).toMatch(/alias/);
    expect(of("What the publisher earns", true)?.advertiser).toBe("no");
    expect(of("What the advertiser pays", true)?.publisher).toBe("no");
  });
});

describe("a site says when it was last seen", () => {
  const site = (last: number | null, retired_at: number | null = null) =>
    ({ id: "sit_1", origins: ["https://harborpine.example"], last_page_view_at: last, retired_at }) as Site;
  const said = (last: number | null) => plain(pulseSentence(site(last), NOW).says);

  it("in seconds, minutes, days, or never", () => {
    expect(said(NOW - 12_000)).toBe("Last page view 12 s ago.");
    expect(said(NOW - 5 * MIN)).toBe("Last page view 5 min ago.");
    expect(pulseSentence(site(NOW - 3 * 86_400_000), NOW).means).toMatch(/silent/);
    expect(said(null)).toBe("Waiting for the first page view.");
    expect(pulseSentence(site(NOW, NOW), NOW).says).toBe("This site is retired.");
  });

  it("never in the future, however the clocks differ", () => {
    expect(ago(NOW + 30_000, NOW)).toBe("just now");
  });

  it("over all sites, names the one that is missing", () => {
    expect(plain(sitesSentence([site(NOW), site(null)], NOW))).toBe(
      "2 sites; harborpine.example has never been seen.",
    );
    expect(plain(sitesSentence([site(NOW), site(NOW)], NOW))).toBe("All 2 sites were seen within a day.");
    expect(sitesSentence([site(NOW)], NOW)).toBe("The one site was seen within a day.");
  });
});

describe("what a side brought, owes and earned", () => {
  const totals = {
    calls: 52,
    payable_calls: 29,
    payout_micros: 1_392_000_000,
    billable_calls: 30,
    revenue_micros: 2_100_000_000,
  };

  it("to the network", () => {
    expect(plain(broughtSentence("Fernhill", totals, "USD"))).toBe(
      "Fernhill brought 52 calls; 29 of them meet the terms and earn it 1,392.00 USD.",
    );
    expect(plain(broughtSentence("Fernhill", { calls: 1 }, "USD"))).toBe(
      "Fernhill brought 1 call; none of them earns anything.",
    );
    expect(plain(owesSentence("Redwood", totals, "USD"))).toBe(
      "52 calls came for Redwood; 30 qualified: it owes 2,100.00 USD.",
    );
    expect(plain(sidesSentence("publisher", 3, { calls: 200 }, 50))).toBe(
      "3 publishers brought 150 of 200 calls, 75.0%; of the others no publisher is proven.",
    );
  });

  it("to the publisher: yours, held, and until when", () => {
    const earned = earnedOf([
      { payout_status: "qualified", calls: 3, payout_micros: 135_000_000 },
      { payout_status: "paid", calls: 1, payout_micros: 45_000_000 },
      { payout_status: "held", calls: 2, payout_micros: 90_000_000 },
      { payout_status: "rejected", calls: 4, payout_micros: 0 },
    ]);
    expect(earned).toEqual({ yours: 180_000_000, held: 90_000_000, calls: 10, earning: 6 });
    expect(plain(earnedSentence(earned, "USD", "5 days"))).toBe(
      "6 earning calls of 10. 180.00 USD is yours, 90.00 USD is held until 5 days after each call.",
    );
    expect(plain(earnedSentence({ ...earned, held: 0 }, "USD", null))).toBe(
      "6 earning calls of 10. All of it is yours.",
    );
  });
});

it("numbers are counted by where they serve", () => {
  const pooled = (pool_id: string | null) => ({ pool_id, publisher_id: null });
  expect(plain(numbersSentence([pooled("a"), pooled("a"), pooled("b"), pooled(null)]))).toBe(
    "4 numbers: 3 lent in 2 pools, 1 static.",
  );
  expect(numbersSentence([])).toBe("There is no number yet.");
});
