import { describe, expect, it } from "vitest";
import { admitCall, announcementFor } from "../../edge/routing/model/route.ts";
import { ROUTING_DEFAULTS } from "../../shared/api/routing.ts";
import {
  admit,
  caller,
  DESTINATION,
  daily,
  enrollment,
  NO_CAPS,
  NO_GATES,
  NOON,
  ring,
  target,
  terms,
  used,
} from "./build.ts";

const dialled = (ask: Parameters<typeof admitCall>[0]) => admitCall(ask).phones.map((phone) => phone.target);

describe("a call that is admitted", () => {
  it("rings the destination number where a campaign has no targets", () => {
    expect(admitCall(admit())).toMatchObject({
      action: "dial",
      target: DESTINATION,
      reason: "destination",
      slots: [],
    });
  });

  it("rings those of the lowest priority, then the next, then nobody twice", () => {
    const targets = [target("tgt_1", { priority: 2 }), target("tgt_2"), target("tgt_3", { priority: 3 })];
    const rung: { target_id: string | null; target: string }[] = [];
    for (;;) {
      const route = admitCall(admit({ targets }, { rung }));
      if (route.action !== "dial") break;
      rung.push(...route.phones);
    }
    expect(rung.map(({ target_id }) => target_id)).toEqual(["tgt_2", "tgt_1", "tgt_3", null]);
    expect(rung.at(-1)?.target).toBe(DESTINATION);
  });

  it("rings a whole group at once where it is told to, within the group's cap", () => {
    const groups = [{ id: "tgg_1", ringing: "simultaneous" as const, caps: { ...NO_CAPS, daily: 5 } }];
    const targets = [
      target("tgt_1", { group_id: "tgg_1", priority: 2 }),
      target("tgt_2", { group_id: "tgg_1" }),
      target("tgt_3", { priority: 9 }),
    ];
    const numbers = targets.map(({ number }) => number);
    expect(dialled(admit({ targets, groups })).toSorted()).toEqual(numbers.slice(0, 2).toSorted());
    expect(
      admitCall(admit({ targets, groups }))
        .slots.map(({ scope_id }) => scope_id)
        .toSorted(),
    ).toEqual(["tgg_1", "tgt_1", "tgt_2"]);
    expect(dialled(admit({ targets, groups }, { usage: new Map([used("tgg_1", 5)]) }))).toEqual([numbers[2]]);
  });

  it("goes back to whom the caller talked to last, if that is open", () => {
    const targets = [target("tgt_1"), target("tgt_2", { priority: 5 })];
    const past = [
      {
        call_id: "cal_3",
        campaign_id: "cmp_1",
        started_at: NOON - 1,
        target: targets[0]!.number,
        connected_s: 0,
        is_due: false,
      },
      {
        call_id: "cal_2",
        campaign_id: "cmp_2",
        started_at: NOON - 2,
        target: targets[0]!.number,
        connected_s: 70,
        is_due: true,
      },
      {
        call_id: "cal_1",
        campaign_id: "cmp_1",
        started_at: NOON - 3,
        target: targets[1]!.number,
        connected_s: 70,
        is_due: true,
      },
    ];
    const asked = { ring: ring({ caller: caller({ past }) }) };
    expect(dialled(admit({ targets }, asked))).toEqual([targets[1]!.number]);
    const urgent = [{ ...targets[0]!, priority: 0 }, targets[1]!];
    expect(dialled(admit({ targets: urgent }, asked))).toEqual([targets[1]!.number]);
    const away = [targets[0]!, { ...targets[1]!, paused_at: 0 }];
    expect(dialled(admit({ targets: away }, asked))).toEqual([targets[0]!.number]);
    const forgetful = { ...ROUTING_DEFAULTS, sticky: false };
    expect(dialled(admit({ targets, routing: forgetful }, asked))).toEqual([targets[0]!.number]);
  });

  it("is sent to whom the menu asked for only", () => {
    const targets = [target("tgt_1"), target("tgt_2"), target("tgt_3", { group_id: "tgg_1" })];
    expect(dialled(admit({ targets }, { only: { target_ids: ["tgt_2"] } }))).toEqual([targets[1]!.number]);
    expect(dialled(admit({ targets }, { only: { group_id: "tgg_1" } }))).toEqual([targets[2]!.number]);
  });

  it("says of everybody else why not", () => {
    const targets = [
      target("tgt_1", { hours: daily("08:00", "17:00") }),
      target("tgt_2", { regions: ["US-NV"] }),
      target("tgt_3", { paused_at: 0 }),
      target("tgt_4", { caps: { ...NO_CAPS, daily: 3 } }),
      target("tgt_5", { priority: 7 }),
      target("tgt_6", { priority: 8 }),
    ];
    const route = admitCall(admit({ targets }, { usage: new Map([used("tgt_4", 3)]) }));
    expect(Object.fromEntries(route.considered.map(({ target_id, reason }) => [target_id, reason]))).toEqual({
      tgt_1: "closed",
      tgt_2: "region",
      tgt_3: "paused",
      tgt_4: "daily_cap",
      tgt_5: null,
      tgt_6: "not_its_turn",
    });
  });
});

describe("the gates of the terms", () => {
  const capped = terms({ common: { ...NO_GATES, daily_cap: 10 }, revenue: { ...NO_GATES, daily_cap: 3 } });

  it("are the advertiser's own over the common ones, in the version in force", () => {
    const versions = [capped, terms({ version: 2, effective_at: NOON + 1 })];
    const usage = new Map([used("cmp_1", 3)]);
    expect(admitCall(admit({ terms: versions }, { usage }))).toMatchObject({
      action: "message",
      reason: "terms_daily_cap",
    });
    const later = ring({ at: NOON + 1, rang_at: NOON + 1 });
    expect(admitCall(admit({ terms: versions }, { usage, ring: later })).action).toBe("dial");
  });

  it("send a call by the overflow: a message unless said otherwise", () => {
    const shut = { terms: [terms({ common: { ...NO_GATES, hours: daily("08:00", "17:00") } })] };
    expect(admitCall(admit(shut))).toMatchObject({ action: "message", reason: "terms_closed" });
    expect(admitCall(admit({ ...shut, overflow: "voicemail" }))).toMatchObject({ action: "voicemail" });
    expect(admitCall(admit({ ...shut, overflow: "destination" }))).toMatchObject({
      action: "dial",
      target: DESTINATION,
      slots: [],
    });
  });

  it("hold for a publisher's own number by its enrollment, for it alone", () => {
    const own = enrollment({
      versions: [{ version: 1, effective_at: 0, status: "approved", gates: { ...NO_GATES, daily_cap: 2 } }],
    });
    const usage = new Map([used("enr_1", 2), used("cmp_1", 900)]);
    expect(admitCall(admit({}, { usage, enrollment: own }))).toMatchObject({
      reason: "enrollment_daily_cap",
    });
    expect(admitCall(admit({}, { usage })).action).toBe("dial");
  });

  it("take a slot before their caps are in force, and none for a test call", () => {
    const to_come = { terms: [terms(), { ...capped, version: 2, effective_at: NOON + 1 }] };
    expect(admitCall(admit(to_come)).slots).toMatchObject([
      { kind: "campaign", scope_id: "cmp_1", day: "2026-11-21", month: "2026-11" },
    ]);
    expect(admitCall(admit(to_come, { is_test: true })).slots).toEqual([]);
  });
});

describe("when nobody is open", () => {
  const asleep = [target("tgt_1", { paused_at: 0 })];

  it("the destination number is rung, unless something is limited or it is a target itself", () => {
    expect(admitCall(admit({ targets: asleep }))).toMatchObject({
      action: "dial",
      target: DESTINATION,
      reason: "no_target_open",
    });
    const limited = [{ ...asleep[0]!, regions: ["US-CA"] }];
    expect(admitCall(admit({ targets: limited }))).toMatchObject({ action: "message" });
    const itself = [{ ...asleep[0]!, number: DESTINATION }];
    expect(admitCall(admit({ targets: itself, overflow: "destination" }))).toMatchObject({
      action: "message",
    });
  });

  it("after everybody was rung the call ends, unless the campaign says otherwise", () => {
    const rung = [{ target_id: null, target: DESTINATION }];
    expect(admitCall(admit({}, { rung })).action).toBe("end");
    expect(admitCall(admit({ overflow: "voicemail" }, { rung }))).toMatchObject({
      action: "voicemail",
      reason: "nobody_answered",
    });
  });

  it("the caller is told something, and nobody is named", () => {
    for (const reason of ["campaign_paused", "campaign_retired", "number_not_in_service", "anything"]) {
      expect(announcementFor(reason)).toMatch(/^[A-Z].*Goodbye\.$/);
    }
  });
});
