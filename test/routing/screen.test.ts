import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { screenCall, screenElsewhere } from "../../edge/routing/model/route.ts";
import { type CallFilter, ROUTING_DEFAULTS } from "../../shared/api/routing.ts";
import { law } from "../support/laws.ts";
import { caller, campaign, daily, enrollment, NO_GATES, NOON, plan, ring } from "./build.ts";

const filtered = (...filters: CallFilter[]) => ({ routing: { ...ROUTING_DEFAULTS, filters } });

describe("a call is let through", () => {
  it("from a number in service, and refused at one that is not the account's", () => {
    expect(screenCall(plan(), ring())).toBeNull();
    expect(screenCall(null, ring())).toMatchObject({ action: "reject", reason: "number_not_in_service" });
  });

  it("exactly when campaign and number are neither paused nor retired", () => {
    const moment = fc.option(fc.integer({ min: NOON - 100, max: NOON + 100 }), { nil: null });
    const isOn = (from: number | null, to: number | null) =>
      from !== null && from <= NOON && (to === null || NOON < to);
    fc.assert(
      fc.property(
        moment,
        moment,
        moment,
        moment,
        moment,
        (paused_at, resume_at, retired_at, off_at, on_at) => {
          const pause = { paused_at: off_at, resume_at: on_at };
          const screened = screenCall(plan({ paused_at, resume_at, retired_at }, { pause }), ring());
          const stands = isOn(paused_at, resume_at) || isOn(retired_at, null) || isOn(off_at, on_at);
          expect(screened?.action ?? "through").toBe(stands ? "message" : "through");
        },
      ),
      law(500),
    );
  });

  it("from a suspended publisher's number unless the network ticks otherwise, and never from a paused one's", () => {
    const suspended = enrollment({
      versions: [
        { version: 1, effective_at: 0, status: "approved", gates: NO_GATES },
        { version: 2, effective_at: NOON, status: "suspended", gates: NO_GATES },
      ],
    });
    const there = (routing: object, of = suspended, at = NOON) =>
      screenCall(
        plan({ routing: { ...ROUTING_DEFAULTS, ...routing } }, { enrollment: of }),
        ring({ at, rang_at: at }),
      );
    expect(there({}, suspended, NOON - 1)).toBeNull();
    expect(there({})).toBeNull();
    const message = { suspended: { action: "message" } };
    expect(there(message, suspended, NOON - 1)).toBeNull();
    expect(there(message)).toMatchObject({ action: "message", reason: "publisher_suspended" });
    expect(there({ suspended: { action: "campaign", campaign_id: "cmp_2" } })).toEqual({
      action: "campaign",
      campaign_id: "cmp_2",
      reason: "publisher_suspended",
    });
    const voicemail = { suspended: { action: "voicemail" } };
    const paused = enrollment({ paused_at: NOON });
    expect(there({}, paused)).toMatchObject({ action: "message", reason: "enrollment_paused" });
    expect(there(voicemail, paused)).toMatchObject({ action: "voicemail", reason: "enrollment_paused" });
    expect(there({}, enrollment({ paused_at: 0, resume_at: NOON }))).toBeNull();
  });
});

describe("a filter", () => {
  const hidden = caller({ number: null, region: null });
  const message = { action: "message", say: "Please call from a number that can be seen." } as const;

  it("is the first of which everything holds", () => {
    const of = filtered(
      {
        when: [{ is: "anonymous" }, { is: "outside_hours", hours: daily("08:00", "17:00") }],
        treatment: message,
      },
      { when: [{ is: "anonymous" }], treatment: { action: "voicemail" } },
    );
    expect(screenCall(plan(of), ring())).toBeNull();
    expect(screenCall(plan(of), ring({ caller: hidden }))).toMatchObject({
      action: "message",
      say: message.say,
      reason: "filter_1",
    });
    const at = NOON + 8 * 3_600_000;
    expect(screenCall(plan(of), ring({ caller: hidden, at }))).toMatchObject({
      action: "voicemail",
      reason: "filter_2",
    });
  });

  it("that routes is an exception to those after it", () => {
    const of = filtered(
      { when: [{ is: "from_region", regions: ["US-CA"] }], treatment: { action: "route" } },
      { when: [{ is: "outside_hours", hours: daily("08:00", "17:00") }], treatment: message },
    );
    expect(screenCall(plan(of), ring())).toBeNull();
    expect(screenCall(plan(of), ring({ caller: caller({ region: "US-NV" }) }))).not.toBeNull();
  });

  it.each<
    [CallFilter["when"][number], Partial<ReturnType<typeof caller>>, Partial<ReturnType<typeof caller>>]
  >([
    [{ is: "blocked", callers: ["+14155550177"] }, {}, { number: "+14155550178" }],
    [{ is: "outside_regions", regions: ["US-NV"] }, {}, { region: null }],
    [{ is: "caller_type", types: ["voip"] }, { type: "voip" }, { type: null }],
    [{ is: "stir", levels: ["C", "none"] }, { stir: null }, { stir: "A" }],
    [
      { is: "repeat", within_s: 60 },
      {
        past: [
          {
            call_id: "cal_1",
            campaign_id: "cmp_1",
            started_at: NOON - 59_999,
            target: null,
            connected_s: 0,
            is_due: false,
          },
        ],
      },
      {
        past: [
          {
            call_id: "cal_1",
            campaign_id: "cmp_1",
            started_at: NOON - 60_000,
            target: null,
            connected_s: 0,
            is_due: true,
          },
        ],
      },
    ],
    [
      { is: "duplicate", within_s: 60 },
      {
        past: [
          {
            call_id: "cal_1",
            campaign_id: "cmp_1",
            started_at: NOON - 1,
            target: null,
            connected_s: 9,
            is_due: true,
          },
        ],
      },
      {
        past: [
          {
            call_id: "cal_1",
            campaign_id: "cmp_2",
            started_at: NOON - 1,
            target: null,
            connected_s: 9,
            is_due: true,
          },
        ],
      },
    ],
  ])("%o holds of some callers and of no others", (condition, of_one, of_another) => {
    const of = filtered({ when: [condition], treatment: message });
    expect(screenCall(plan(of), ring({ caller: caller(of_one) }))).not.toBeNull();
    expect(screenCall(plan(of), ring({ caller: caller(of_another) }))).toBeNull();
  });

  it("sends a call on to another campaign, which sends it no further", () => {
    const of = filtered({
      when: [{ is: "anonymous" }],
      treatment: { action: "campaign", campaign_id: "cmp_2" },
    });
    expect(screenCall(plan(of), ring({ caller: hidden }))).toMatchObject({
      action: "campaign",
      campaign_id: "cmp_2",
    });
    expect(screenElsewhere(campaign(of), ring({ caller: hidden }))).toMatchObject({ action: "message" });
  });
});
