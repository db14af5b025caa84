import { describe, expect, it, vi } from "vitest";
import { recordCall } from "../telephony/fakes/providers.ts";
import type { Node } from "../telephony/xml-reader.ts";
import {
  address,
  all,
  BUYERS,
  find,
  menu,
  NAMES,
  QUALIFIER,
  rungIn,
  setFlow,
  talk,
  world,
} from "./hand-over-stage.ts";

/** A warm hand-over: a buyer is brought to caller and qualifier, all meet, the qualifier leaves. */

describe.each(NAMES)("%s: a qualifier who brings in a buyer", (name) => {
  it("stays with the caller until all three have met, and leaves the buyer to the caller", async () => {
    const call = await talk(name);
    const { told, rung } = await call.bring(60);
    expect(told.target).toBe(BUYERS[0]);
    expect(rung).toMatchObject({ to: BUYERS[0], from: call.story.to, timeout_s: 25 });
    expect(call.fake.moved.filter(({ call_id }) => call_id.includes(call.story.call_id))).toEqual([]);

    const entered = await call.post(rung.answer_url, call.buyer(1), 70);
    const room = find(entered, "Conference");
    const moves = call.fake.moved.length;
    expect(await call.post(rung.answer_url, call.buyer(1), 70)).toEqual(entered);
    expect(call.fake.moved).toHaveLength(moves);
    expect(room?.attributes.endConferenceOnExit).toBe("true");
    // Both legs of the dial are on their way into the same room: Twilio's caller by what the dial asks at its end.
    const moved = call.fake.moved.at(-1)!;
    const qualifiers = find(await call.post(moved.url, call.sent.whisper, 71), "Conference");
    expect(qualifiers).toMatchObject({ text: room?.text, attributes: { endConferenceOnExit: "false" } });
    const callers =
      name === "twilio"
        ? await call.dialEnds(71)
        : await call.post(call.fake.moved.at(-2)!.url, call.sent.gathered, 71);
    expect(find(callers, "Conference")).toMatchObject({
      text: room?.text,
      attributes: { endConferenceOnExit: "true" },
    });
    expect(rungIn(callers)).toBe(name === "twilio" ? `+${room?.text}` : undefined);

    await call.qualifierEnds(100);
    await call.post(address(rung.status_url), call.ended(1, 140), 210);
    const left = find(callers, name === "plivo" ? "Conference" : "Dial")?.attributes.action ?? "";
    expect(find(await call.post(left, call.sent.gathered, 210), "Hangup")).toBeDefined();
    const seen = await call.seen(300);
    expect(seen.legs).toMatchObject([
      { target: QUALIFIER, role: "qualifier", status: "answered" },
      { target: BUYERS[0], role: "buyer", status: "answered", connected_s: 140 },
    ]);
    expect(seen).toMatchObject({
      status: "completed",
      connected_s: 140,
      target: BUYERS[0],
      answered_at: call.at(70),
      revenue: { status: "qualified" },
    });
    expect(seen.timeline?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["called", "joined"]));
  });

  it("talks on when nobody picks up, and may ask for the next, until there is none", async () => {
    const call = await talk(name);
    for (const [n, number] of BUYERS.entries()) {
      const { told, rung } = await call.bring(60 + 40 * n);
      expect(told.target).toBe(number);
      expect((await call.ask(61 + 40 * n)).status).toBe(409);
      await call.post(address(rung.status_url), call.ended(n, null, "no-answer"), 90 + 40 * n);
    }
    const none = await call.ask(150);
    expect([none.status, await none.text()]).toEqual([409, expect.stringContaining("No buyer is open")]);
    // Everybody was tried: the menu says what comes when the qualifier hangs up.
    await call.qualifierEnds(200);
    expect(JSON.stringify(await call.dialEnds(200))).toContain("Nobody is there.");
  });

  it("who leaves before the buyer is there has the caller ring that buyer, once", async () => {
    const call = await talk(name);
    const { rung } = await call.bring(60);
    await call.qualifierEnds(65);
    const next = await call.dialEnds(65);
    expect(rungIn(next)).toBe(BUYERS[0]);
    expect(await call.dialEnds(65)).toEqual(next);
    await vi.waitFor(() => expect(call.fake.stopped).toContain(rung.ring_id), 5_000);
    // Should the other ring be answered all the same, nobody is moved anywhere.
    const moved = call.fake.moved.length;
    expect(JSON.stringify(await call.post(rung.answer_url, call.buyer(1), 70))).toContain("not on the line");
    expect(call.fake.moved).toHaveLength(moved);
  });
});

describe("whatever fails, the caller stays with the qualifier", () => {
  const stays = async (call: Awaited<ReturnType<typeof talk>>, then: string) => {
    // The dial still stands: when the qualifier hangs up, the caller goes on to a phone.
    await call.qualifierEnds(200);
    expect(rungIn(await call.dialEnds(200))).toBe(then);
  };

  it.each([
    ["refuses to ring", { status: 400, json: { code: 21215, message: "no" } }, 409],
    ["does not answer", "hang_up", 503],
  ] as const)("when the API %s, and the next may be rung", async (_, fault, status) => {
    const call = await talk("twilio");
    call.fake.fail([fault], /POST .*\/Calls\.json/);
    expect((await call.ask(60)).status).toBe(status);
    expect((await call.bring(70)).told.target).toBe(BUYERS[1]);
  });

  it("when the legs cannot be moved: the buyer is let go, and is not paid for", async () => {
    const call = await talk("twilio");
    const { rung } = await call.bring(60);
    call.fake.fail(["hang_up"], /POST .*\/Calls\/CA/);
    const answer = await call.post(rung.answer_url, call.buyer(1), 70);
    expect(find(answer, "Conference")).toBeUndefined();
    expect(find(answer, "Hangup")).toBeDefined();
    await call.post(address(rung.status_url), call.ended(1, 300), 375);
    expect((await call.seen(380)).legs).toContainEqual(
      expect.objectContaining({ target: BUYERS[0], status: "no_answer", connected_s: 0 }),
    );
    await stays(call, BUYERS[1]!);
  });

  it("when Plivo moves the legs and its answer is lost: the caller rings the next buyer", async () => {
    const call = await talk("plivo");
    const { rung } = await call.bring(60);
    call.fake.fail(["lose_answer"], /POST .*\/Call\/[^/]+\/$/);
    const answer = await call.post(rung.answer_url, call.buyer(1), 70);
    expect(find(answer, "Conference")).toBeUndefined();
    const [callers, qualifiers] = call.fake.moved.slice(-2);
    expect(rungIn(await call.post(callers?.url ?? "", call.sent.gathered, 71))).toBe(BUYERS[1]);
    const left = await call.post(qualifiers?.url ?? "", call.sent.whisper, 71);
    expect(left.children.map(({ tag }) => tag)).toEqual(["Speak", "Hangup"]);
  });

  it("when the database is silent as the buyer picks up", async () => {
    const call = await talk("twilio");
    const { rung } = await call.bring(60);
    await world.fault("throw");
    const answer = await call.post(rung.answer_url, call.buyer(1), 70);
    expect(find(answer, "Conference")).toBeUndefined();
    await world.fault("none");
    expect(call.fake.moved.filter(({ call_id }) => call_id === call.story.leg_id)).toEqual([]);
  });

  it("and is handed on when the qualifier hangs up while the database is silent", async () => {
    const call = await talk("twilio");
    await world.fault("throw");
    expect(rungIn(await call.dialEnds(100))).toBe(BUYERS[0]);
  });
});

describe.each(NAMES)("%s: a caller who is sent into the room before it is known that it failed", (name) => {
  const PART = name === "twilio" ? /POST .*\/Calls\/CA/ : /POST .*\/Call\/[^/]+\/$/;

  it.each([
    ["the qualifier has hung up, and there is nothing to be moved", { status: 404, json: {} }],
    ["all were moved, and the provider's answer is lost", "lose_answer"],
  ] as const)("meets the buyer there: %s", async (_, then) => {
    const call = await talk(name);
    const { rung } = await call.bring(60);
    let callers = null as Node | null;
    const meanwhile = async () => {
      const isMoved = name === "plivo" && then === "lose_answer";
      callers = isMoved
        ? await call.post(call.fake.moved.at(-2)?.url ?? "", call.sent.gathered, 71)
        : await call.dialEnds(71);
    };
    call.fake.fail([{ meanwhile, then }], PART);
    const entered = await call.post(rung.answer_url, call.buyer(1), 72);
    expect(callers && find(callers, "Conference")).toMatchObject({ text: call.ours });
    expect(find(entered, "Conference")).toMatchObject({ text: call.ours });
    expect(await call.post(rung.answer_url, call.buyer(1), 72)).toEqual(entered);
    await call.qualifierEnds(80);
    await call.post(address(rung.status_url), call.ended(1, 140), 212);
    expect((await call.seen(300)).legs).toContainEqual(
      expect.objectContaining({ target: BUYERS[0], status: "answered", connected_s: 140 }),
    );
  });
});

describe("when the end of a buyer's phone is reported by nobody", () => {
  it("the provider's records are asked for it, as for a call of its own", async () => {
    const call = await talk("twilio");
    const { rung } = await call.bring(60);
    const buyer = call.buyer(1);
    await call.post(rung.answer_url, buyer, 70);
    await call.dialEnds(71);
    await call.qualifierEnds(100);
    const { call_id, leg_id, from, to } = call.story;
    const legs = [{ id: leg_id, to: QUALIFIER, connected_s: 92 }];
    recordCall(call.fake, { id: call_id, from, to, started_at: call.at(0), length_s: 210, legs });
    call.fake.legs.push({
      id: buyer.CallSid ?? "",
      parent_id: null,
      direction: "outbound",
      from: rung.from,
      to: rung.to,
      started_at: call.at(60),
      answered_at: call.at(70),
      ended_at: call.at(210),
    });
    await call.post(`${call.hooks}/status`, call.sent.ended, 210);
    expect((await call.seen(211)).connected_s).toBeNull();
    await world.json("/__local/scheduled", { method: "POST", now: call.at(600) });
    expect(await call.seen(601)).toMatchObject({ connected_s: 140, revenue: { status: "qualified" } });
  });
});

describe("a buyer", () => {
  it("hears the whisper, that the call is recorded, and the key; who does not press it is let go", async () => {
    await setFlow({ ...menu, whisper: { say: "A qualified caller." }, accept_key: "1", recording: {} });
    const call = await talk("twilio");
    const agent = call.sent.whisper;
    const pick = find(await call.post(whisperOf(call), agent, 10), "Gather")?.attributes.action ?? "";
    await call.post(pick, { ...agent, Digits: "1" }, 14);
    const { rung } = await call.bring(60);
    const asked = await call.post(rung.answer_url, call.buyer(1), 70);
    expect(
      all(asked)
        .map(({ text }) => text)
        .join(" "),
    ).toMatch(/qualified.*recorded.*Press 1/);
    const key = find(asked, "Gather")?.attributes.action ?? "";
    const entered = await call.post(key, call.buyer(1, { Digits: "1" }), 78);
    expect(entered.children.map(({ tag }) => tag)).toEqual(["Start", "Dial"]);
    await call.dialEnds(79);
    await call.post(address(rung.status_url), call.ended(1, 150), 220);
    expect(await call.seen(300)).toMatchObject({ connected_s: 142, answered_at: call.at(78) });

    const other = await talk("twilio");
    const first = find(await other.post(whisperOf(other), other.sent.whisper, 10), "Gather");
    await other.post(first?.attributes.action ?? "", { ...other.sent.whisper, Digits: "1" }, 14);
    const second = (await other.bring(60)).rung;
    const declined = find(await other.post(second.answer_url, other.buyer(1), 70), "Gather");
    const answer = await other.post(declined?.attributes.action ?? "", other.buyer(1, { Digits: "5" }), 78);
    expect(find(answer, "Hangup")).toBeDefined();
    expect((await other.bring(80)).told.target).toBe(BUYERS[1]);
    await setFlow(menu);
  });

  const whisperOf = (call: Awaited<ReturnType<typeof talk>>) => {
    const { call_id } = call.story;
    return `${call.hooks}/gather/${call.ours}/whisper-${call.story.to.slice(1)}-2-r1?of=${call_id}`;
  };
});

describe("a call that cannot be handed on so", () => {
  it("is refused in plain words: over, nobody's, without a qualifier, or at a provider without a way", async () => {
    const status = async (response: Promise<Response>) => (await response).status;
    const nobodys = world.ask("/api/v1/calls/cal_01M7ZV0K1PG6NPMAZ84FMJ9S0A/hand-over", {
      method: "POST",
      json: {},
    });
    expect(await status(nobodys)).toBe(404);
    const telnyx = await talk("telnyx");
    expect(await status(telnyx.ask(60))).toBe(409);
    const over = await talk("twilio");
    await over.qualifierEnds(190);
    const without = await over.ask(191);
    expect(await without.text()).toContain("Nobody is on the line");
    await over.post(`${over.hooks}/status`, over.sent.ended, 200);
    expect(await (await over.ask(201)).text()).toContain("over");
  });
});
