import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Target } from "../../shared/api/targets.ts";
import { linesOn, NO_ANSWER, rung } from "./failover-stage.ts";
import { type Stage, setStage } from "./inbound-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.world.stop());
beforeEach(() => {
  stage.world.at += 3_600_000;
});

const { post, freshLine, dialEnds, callOf } = linesOn(() => stage);

describe("a target that does not take a call", () => {
  it.each(["no-answer", "busy", "failed"])(
    "(%s) leaves it to the next, by whose talk the call is judged",
    async (status) => {
      const { to, targets } = await freshLine(["+14155550301", "+14155550302"]);
      const sid = `CAfail${status.replace("-", "")}`;
      const first = await stage.ring(sid, { To: to });
      expect(rung(first)).toBe("+14155550301");
      expect(first).toContain('timeout="10"');
      const second = await dialEnds(first, sid, to, { DialCallSid: `${sid}1`, DialCallStatus: status });
      expect(rung(second)).toBe("+14155550302");
      expect(second).toContain('timeout="11"');
      // Half of the call: nothing is decided while the second phone rings.
      expect(await callOf(sid)).toMatchObject({ revenue: { status: "pending" }, target: "+14155550302" });

      stage.world.at += 70_000;
      const talked = { DialCallSid: `${sid}2`, DialCallStatus: "completed", DialCallDuration: "65" };
      expect(await dialEnds(second, sid, to, talked)).toMatch(/<Response\/>$/);
      const call = await callOf(sid);
      expect(call).toMatchObject({
        disposition: "answered",
        target: "+14155550302",
        connected_s: 65,
        revenue: { status: "qualified" },
        legs: [
          { target: "+14155550301", status: status.replace("-", "_"), connected_s: 0 },
          { target: "+14155550302", status: "answered", connected_s: 65 },
        ],
      });
      expect(call.routing?.map(({ reason, targets: to }) => [reason, to])).toEqual([
        ["target", ["+14155550301"]],
        ["next_target", ["+14155550302"]],
      ]);
      expect(call.routing?.[0]?.considered).toEqual([
        { target_id: targets[0]?.id, name: null, target: "+14155550301", rung: true, reason: "rung" },
        {
          target_id: targets[1]?.id,
          name: null,
          target: "+14155550302",
          rung: false,
          reason: "not_its_turn",
        },
      ]);
      expect(call.routing?.[1]?.considered[0]).toMatchObject({ rung: false, reason: "rung_before" });
    },
  );

  it("is asked about twice and answered alike", async () => {
    const { to } = await freshLine(["+14155550303", "+14155550304", "+14155550305"]);
    const first = await stage.ring("CAtwice2", { To: to });
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => dialEnds(first, "CAtwice2", to, NO_ANSWER("CAtwice2leg"))),
    );
    answers.push(await dialEnds(first, "CAtwice2", to, NO_ANSWER("CAtwice2leg")));
    expect(new Set(answers).size).toBe(1);
    expect(rung(answers[0] ?? "")).toBe("+14155550304");
    const kinds = (await stage.events("CAtwice2")).map((event) => event.kind);
    expect(kinds).toEqual(["ringing", "instructed", "leg", "instructed"]);
  });

  it("is not made up for when the caller has hung up", async () => {
    const { to, targets } = await freshLine(["+14155550306", "+14155550307"]);
    const first = await stage.ring("CAgone", { To: to });
    const gone = { ...NO_ANSWER("CAgone1"), CallStatus: "completed" };
    expect(await dialEnds(first, "CAgone", to, gone)).toMatch(/<Response\/>$/);
    expect(await stage.world.json<Target>(`/api/v1/targets/${targets[1]?.id}`)).toMatchObject({
      used: { total: 0 },
    });
  });

  it("frees its line at once", async () => {
    const { to, targets } = await freshLine(["+14155550308", "+14155550309"], {}, { concurrency_cap: 1 });
    const first = await stage.ring("CAfrees", { To: to });
    const used = async (i: number) =>
      (await stage.world.json<Target>(`/api/v1/targets/${targets[i]?.id}`)).used.concurrent;
    expect([await used(0), await used(1)]).toEqual([1, 0]);
    await dialEnds(first, "CAfrees", to, NO_ANSWER("CAfrees1"));
    await expect.poll(async () => [await used(0), await used(1)]).toEqual([0, 1]);
    expect(rung(await stage.ring("CAfreed", { To: to }))).toBe("+14155550308");
  });

  it("is made up for by the overflow when it was the last", async () => {
    const { to } = await freshLine(["+14155550310"], { overflow: "voicemail" });
    const first = await stage.ring("CAlast", { To: to });
    const answer = await dialEnds(first, "CAlast", to, NO_ANSWER("CAlast1"));
    expect(answer).toContain("<Record");
    expect(await callOf("CAlast")).toMatchObject({ disposition: "voicemail", connected_s: 0 });
  });

  it("dials the destination number last of all, and then the call ends", async () => {
    const { to } = await freshLine(["+14155550311"]);
    const first = await stage.ring("CAend", { To: to });
    const second = await dialEnds(first, "CAend", to, NO_ANSWER("CAend1"));
    expect(rung(second)).toBe("+14155550199");
    expect(await dialEnds(second, "CAend", to, NO_ANSWER("CAend2"))).toMatch(/<Response\/>$/);
    expect(await callOf("CAend")).toMatchObject({
      disposition: "no_answer",
      connected_s: 0,
      revenue: { status: "rejected" },
    });
  });
});

describe("a caller who has heard ringing for long enough", () => {
  it("hears no further phone ring, and who was not rung is named with that reason", async () => {
    const { campaign_id, to } = await freshLine(["+14155550341", "+14155550342", "+14155550343"], {
      overflow: "message",
    });
    await post(`/campaigns/${campaign_id}/call-flows`, { ring_max_s: 30 });
    const first = await stage.ring("CApatient", { To: to });
    const second = await dialEnds(first, "CApatient", to, NO_ANSWER("CApatient1"));
    expect(rung(second)).toBe("+14155550342");
    const over = await dialEnds(second, "CApatient", to, NO_ANSWER("CApatient2"));
    expect(rung(over)).toBeNull();
    expect(over).toContain("Please try again later");
    const call = await callOf("CApatient");
    expect(call.routing?.at(-1)?.considered).toContainEqual(
      expect.objectContaining({ target: "+14155550343", reason: "rang_too_long" }),
    );
  });
});

describe("while the database is silent", () => {
  it("the next phone is rung all the same, and made up for later", async () => {
    const { world } = stage;
    const { to, targets } = await freshLine(["+14155550331", "+14155550332", "+14155550333"]);
    const first = await stage.ring("CAsilent", { To: to });
    await world.fault("throw");
    const second = await dialEnds(first, "CAsilent", to, NO_ANSWER("CAsilent1"));
    const third = await dialEnds(second, "CAsilent", to, NO_ANSWER("CAsilent2"));
    await world.fault("none");
    expect([first, second, third].map(rung)).toEqual(targets.map(({ number }) => number));
    const talked = { DialCallSid: "CAsilent3", DialCallStatus: "completed", DialCallDuration: "65" };
    expect(await dialEnds(third, "CAsilent", to, talked)).toMatch(/<Response\/>$/);
    await world.json("/__local/scheduled", { method: "POST" });
    const call = await callOf("CAsilent");
    expect(call).toMatchObject({ target: "+14155550333", connected_s: 65, revenue: { status: "qualified" } });
    expect(call.routing?.map(({ blind }) => blind)).toEqual([false, true, true]);
    expect(call.legs?.map(({ target }) => target)).toEqual(targets.map(({ number }) => number));
  });
});

describe("a call that is dropped early", () => {
  it("goes on to the next target where the campaign says so, and only the longest talk counts", async () => {
    const { campaign_id, to } = await freshLine(["+14155550312", "+14155550313"]);
    await stage.world.json(`/api/v1/campaigns/${campaign_id}/routing`, {
      method: "PATCH",
      json: { early_drop_s: 15 },
    });
    const first = await stage.ring("CAdrop", { To: to });
    const dropped = { DialCallSid: "CAdrop1", DialCallStatus: "completed", DialCallDuration: "9" };
    const second = await dialEnds(first, "CAdrop", to, dropped);
    expect(rung(second)).toBe("+14155550313");
    stage.world.at += 80_000;
    const talked = { DialCallSid: "CAdrop2", DialCallStatus: "completed", DialCallDuration: "61" };
    await dialEnds(second, "CAdrop", to, talked);
    expect(await callOf("CAdrop")).toMatchObject({
      connected_s: 61,
      target: "+14155550313",
      revenue: { status: "qualified" },
    });
  });
});

describe("phones that ring at once", () => {
  it("are all dialled, and the call is judged by the one that took it", async () => {
    const { campaign_id, to } = await freshLine([]);
    const group = await post("/target-groups", { campaign_id, name: "Desk", ringing: "simultaneous" });
    const numbers = ["+14155550314", "+14155550315", "+14155550316"];
    for (const number of numbers) await post("/targets", { campaign_id, number, group_id: group.id });
    const twiml = await stage.ring("CAall", { To: to });
    const dialled = [...twiml.matchAll(/<Number[^>]*>([^<]*)<\/Number>/g)].map((match) => match[1] ?? "");
    expect(dialled.toSorted()).toEqual(numbers);

    const leg = (i: number, CallStatus: string, more = {}) =>
      stage.hook("status", {
        CallSid: `CAall${i}`,
        ParentCallSid: "CAall",
        From: to,
        To: numbers[i] ?? "",
        CallStatus,
        ...more,
      });
    await leg(1, "in-progress");
    await leg(0, "canceled");
    expect(await callOf("CAall")).toMatchObject({ revenue: { status: "pending" } });
    stage.world.at += 70_000;
    await leg(1, "completed", { CallDuration: "65" });
    const end = { DialCallSid: "CAall1", DialCallStatus: "completed", DialCallDuration: "65" };
    await dialEnds(twiml, "CAall", to, end);
    expect(await callOf("CAall")).toMatchObject({
      target: numbers[1],
      connected_s: 65,
      revenue: { status: "qualified" },
    });
  });
});

describe("a target that leaves five calls in a row unanswered", () => {
  const reason = "Five calls in a row were not answered.";
  /** Each by another caller: one that has talked to somebody is led back there. */
  async function leaveFive(
    name: string,
    to: string,
    number: string | undefined,
    before: () => Promise<unknown>,
  ) {
    for (let i = 0; i < 5; i++) {
      await before();
      const sid = `CA${name}${i}`;
      const twiml = await stage.ring(sid, { To: to, From: `+141555502${i}0` });
      expect(rung(twiml)).toBe(number);
      const next = await dialEnds(twiml, sid, to, NO_ANSWER(`${sid}a`));
      const talked = { DialCallSid: `${sid}b`, DialCallStatus: "completed", DialCallDuration: "70" };
      await dialEnds(next, sid, to, talked);
    }
  }

  it("is paused and says so, and rings again once it is resumed", async () => {
    const { to, targets } = await freshLine(["+14155550317", "+14155550318"]);
    const [first, second] = targets;
    const shown = () => stage.world.json<Target>(`/api/v1/targets/${first?.id}`);
    await leaveFive("tired", to, first?.number, async () => expect((await shown()).paused_at).toBeNull());
    await expect.poll(shown).toMatchObject({ pause_reason: reason });
    const written = await stage.world.d1
      .prepare("SELECT actor, action, detail FROM audit_log WHERE subject_id = ?")
      .bind(first?.id)
      .all<{ actor: string; action: string; detail: string }>();
    expect(written.results.filter(({ actor }) => actor === "routing")).toEqual([
      { actor: "routing", action: "targets.pause", detail: JSON.stringify({ reason }) },
    ]);
    const other = { To: to, From: "+14155550178" };
    expect(rung(await stage.ring("CAtired6", other))).toBe(second?.number);
    await stage.world.json(`/api/v1/targets/${first?.id}/resume`, { method: "POST" });
    expect(rung(await stage.ring("CAtired7", other))).toBe(first?.number);
  });

  it("is paused also when it was paused for a while before", async () => {
    const { to, targets } = await freshLine(["+14155550319", "+14155550320"]);
    const [first] = targets;
    const shown = () => stage.world.json<Target>(`/api/v1/targets/${first?.id}`);
    const resume_at = stage.world.at + 60_000;
    await stage.world.json(`/api/v1/targets/${first?.id}/pause`, { json: { reason: "Lunch", resume_at } });
    stage.world.at = resume_at;
    await leaveFive("again", to, first?.number, async () =>
      expect((await shown()).pause_reason).not.toBe(reason),
    );
    await expect.poll(shown).toMatchObject({ pause_reason: reason, resume_at: null });
  });
});
