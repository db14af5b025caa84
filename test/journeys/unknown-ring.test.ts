import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Target } from "../../shared/api/targets.ts";
import { linesOn, NO_ANSWER, rung } from "./failover-stage.ts";
import { CALLER, keysOf, type Stage, setStage } from "./inbound-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.world.stop());
beforeEach(() => {
  stage.world.at += 3_600_000;
});
const { post, freshLine, dialEnds, callOf } = linesOn(() => stage);

/** The journal of a call is not there: KV was down, too, or does not list it yet. */
async function hideJournal(sid: string): Promise<() => Promise<void>> {
  const kv = await stage.world.miniflare.getKVNamespace("PLANS");
  const names = await keysOf(stage.world, `blind/${stage.twilio_account_id}/${sid}/`);
  expect(names).toHaveLength(1);
  const kept = await Promise.all(names.map(async (name) => [name, String(await kv.get(name))] as const));
  for (const [name] of kept) await kv.delete(name);
  return async () => {
    for (const [name, text] of kept) await kv.put(name, text);
  };
}

async function ringBlind(sid: string, To: string): Promise<string> {
  const other = { To, From: "+14155550179" };
  const warm = await stage.ring(`${sid}warm`, other);
  await dialEnds(warm, `${sid}warm`, To, { ...NO_ANSWER(`${sid}warm1`), CallStatus: "completed" });
  await stage.world.fault("throw");
  const first = await stage.ring(sid, { To });
  await stage.world.fault("none");
  return first;
}

/** How many calls are on the targets' lines. */
const onLines = (targets: readonly Target[]) =>
  Promise.all(
    targets.map(async ({ id }) => (await stage.world.json<Target>(`/api/v1/targets/${id}`)).used.concurrent),
  );

describe("a call that was answered blind, and whose ring is not known when its phone has not answered", () => {
  it("rings the next phone by the number's plan, and is one call once the ring turns up", async () => {
    const { to, targets } = await freshLine(["+14155550351", "+14155550352", "+14155550353"]);
    const first = await ringBlind("CAunlisted", to);
    const show = await hideJournal("CAunlisted");
    const second = await dialEnds(first, "CAunlisted", to, NO_ANSWER("CAunlisted1"));
    expect([first, second].map(rung)).toEqual(["+14155550351", "+14155550352"]);
    expect(await dialEnds(first, "CAunlisted", to, NO_ANSWER("CAunlisted1"))).toBe(second);
    await show();
    await stage.world.json("/__local/scheduled", { method: "POST" });
    expect(await onLines(targets)).toEqual([0, 1, 0]);
    const third = await dialEnds(second, "CAunlisted", to, NO_ANSWER("CAunlisted2"));
    expect(rung(third)).toBe("+14155550353");
    const talked = { DialCallSid: "CAunlisted3", DialCallStatus: "completed", DialCallDuration: "65" };
    expect(await dialEnds(third, "CAunlisted", to, talked)).toMatch(/<Response\/>$/);
    const call = await callOf("CAunlisted");
    expect(call).toMatchObject({ target: "+14155550353", connected_s: 65, revenue: { status: "qualified" } });
    expect(call.routing?.map(({ reason, blind }) => [reason, blind])).toEqual([
      ["target", true],
      ["next_target", true],
      ["next_target", false],
    ]);
    expect(call.legs?.map(({ target }) => target)).toEqual(targets.map(({ number }) => number));
    expect(await keysOf(stage.world, `blind/${stage.twilio_account_id}/CAunlisted/`)).toEqual([]);
    expect(await onLines(targets)).toEqual([0, 0, 0]);
  });

  it("is one call also when the ring turns up behind a later phone", async () => {
    const { to } = await freshLine(["+14155550361", "+14155550362", "+14155550363"]);
    const first = await ringBlind("CAlate", to);
    const show = await hideJournal("CAlate");
    const second = await dialEnds(first, "CAlate", to, NO_ANSWER("CAlate1"));
    await stage.world.json("/__local/scheduled", { method: "POST" });
    const known = (await stage.events("CAlate")).map(({ kind }) => kind);
    expect(known).toEqual(expect.arrayContaining(["leg", "instructed"]));
    expect(known).not.toContain("ringing");
    await show();
    expect(rung(await dialEnds(second, "CAlate", to, NO_ANSWER("CAlate2")))).toBe("+14155550363");
  });

  it("is served to the last phone also when the ring never turns up", async () => {
    const { to } = await freshLine(["+14155550354", "+14155550355", "+14155550356"]);
    let answer = await ringBlind("CAnowhere", to);
    await hideJournal("CAnowhere");
    const heard: (string | null)[] = [];
    for (let i = 1; rung(answer) !== null && i < 9; i++) {
      heard.push(rung(answer));
      answer = await dialEnds(answer, "CAnowhere", to, NO_ANSWER(`CAnowhere${i}`));
    }
    // Who rang first is not known: a phone that is rung twice is better than a caller who is dropped.
    expect(new Set(heard)).toEqual(new Set(["+14155550354", "+14155550355", "+14155550356", "+14155550199"]));
    expect(answer).toMatch(/<Response\/>$/);
    expect(await callOf("CAnowhere")).toMatchObject({ disposition: "no_answer", connected_s: 0 });
  });

  it("goes to the buyer when it was a qualifier who hung up", async () => {
    const { campaign_id, to, targets } = await freshLine(["+14155550357", "+14155550358"]);
    const [qualifier, buyer] = targets.map(({ id }) => [id]);
    const nodes = [
      { kind: "connect", id: "first", target_ids: qualifier, afterwards: "sale" },
      { kind: "connect", id: "sale", target_ids: buyer },
    ];
    await post(`/campaigns/${campaign_id}/call-flows`, { menu: { start: "first", nodes } });
    const first = await ringBlind("CAqualified", to);
    expect(rung(first)).toBe("+14155550357");
    await hideJournal("CAqualified");
    const talked = { DialCallSid: "CAqualified1", DialCallStatus: "completed", DialCallDuration: "50" };
    expect(rung(await dialEnds(first, "CAqualified", to, talked))).toBe("+14155550358");
  });

  it("ends when its number is nobody's", async () => {
    const fields = { CallSid: "CAstranger", From: CALLER, To: "+16505579999", ...NO_ANSWER("CAstranger1") };
    const answer = await stage.hook("dial/cal_00000000000000000000000000", fields);
    expect(await answer.text()).toMatch(/<Response\/>$/);
    expect(await stage.row("CAstranger")).toBeNull();
  });
});
