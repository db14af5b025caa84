import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NumberPlan } from "../../edge/routing/model/plan.ts";
import { announcementFor, routeCall } from "../../edge/routing/model/route.ts";
import { law } from "../support/laws.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const plan = (campaign: Partial<NumberPlan["campaign"]> = {}): NumberPlan => ({
  account_id: "tel_1",
  network_id: "org_1",
  number: {
    key: 1,
    e164: "+16285550101",
    label: null,
    subs: { sub1: null, sub2: null, sub3: null, sub4: null, sub5: null },
  },
  assignment: { from_at: 0, to_at: null, campaign_id: "cmp_1", publisher_id: null },
  pool: null,
  campaign: {
    id: "cmp_1",
    advertiser_id: "org_2",
    currency: "USD",
    timezone: "America/Los_Angeles",
    destination_number: "+14155550199",
    overflow: null,
    test_callers: [],
    paused_at: null,
    resume_at: null,
    retired_at: null,
    ...campaign,
  },
});

describe("a route", () => {
  it("leads to the campaign's destination", () => {
    expect(routeCall(plan(), NOON)).toEqual({
      action: "dial",
      target: "+14155550199",
      reason: "destination",
    });
  });

  it("leads nowhere from a number that is not the account's", () => {
    expect(routeCall(null, NOON)).toEqual({
      action: "reject",
      target: null,
      reason: "number_not_in_service",
    });
  });

  it("dials exactly when the campaign is neither paused nor retired", () => {
    const moment = fc.option(fc.integer({ min: NOON - 100, max: NOON + 100 }), { nil: null });
    fc.assert(
      fc.property(moment, moment, moment, (paused_at, resume_at, retired_at) => {
        const route = routeCall(plan({ paused_at, resume_at, retired_at }), NOON);
        const paused = paused_at !== null && paused_at <= NOON && (resume_at === null || NOON < resume_at);
        const retired = retired_at !== null && retired_at <= NOON;
        expect(route.action).toBe(paused || retired ? "message" : "dial");
      }),
      law(500),
    );
  });

  it("tells the caller something in every case that dials nobody, and names nobody", () => {
    for (const reason of ["campaign_paused", "campaign_retired", "number_not_in_service", "anything"]) {
      expect(announcementFor(reason)).toMatch(/^[A-Z].*Goodbye\.$/);
    }
  });
});
