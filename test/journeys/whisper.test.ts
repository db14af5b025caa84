import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { DESTINATION } from "../support/inventory.ts";
import { CALLER, type Stage, setStage } from "./inbound-stage.ts";

/** What an agent hears alone, and the key that takes a call: from there the clock runs that money is counted by. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await stage.world.json(`/api/v1/campaigns/${stage.stock.campaign_id}/call-flows`, {
    json: { whisper: { say: "A caller from Emergency plumbing." }, accept_key: "1", recording: {} },
  });
});
afterAll(() => stage?.world.stop());

const NUMBER = () => stage.static_number;
const LEG = { CallSid: "CAleg", ParentCallSid: "", From: CALLER, To: DESTINATION, CallStatus: "in-progress" };
const pathOf = (url: string) => new URL(url.replaceAll("&amp;", "&")).pathname.split("/").slice(4).join("/");
const attribute = (xml: string, name: string) => new RegExp(` ${name}="([^"]+)"`).exec(xml)?.[1] ?? "";

/** The database is silent meanwhile, and answers again behind it. */
async function inSilence<T>(work: () => Promise<T>): Promise<T> {
  await stage.world.fault("throw");
  return work().finally(() => stage.world.fault("none"));
}

let count = 0;
/** A call that rings at Twilio, with the agent's phone picked up: both answers, and the address of the key. */
async function ring(during: typeof inSilence = (work) => work()) {
  const sid = `CAwhisper${++count}`;
  const dial = await stage.ring(sid);
  const To = /<Number[^>]*>([^<]+)</.exec(dial)?.[1] ?? "";
  const leg = { ...LEG, To, CallSid: `${sid}leg`, ParentCallSid: sid };
  const asked = await during(async () => (await stage.hook(pathOf(attribute(dial, "url")), leg)).text());
  const press = async (Digits: string | null, now = stage.world.at) =>
    (
      await stage.hook(
        pathOf(attribute(asked, "action")),
        { ...leg, ...(Digits !== null && { Digits }) },
        { now },
      )
    ).text();
  const end = (duration_s: number, now: number) =>
    stage.hook(
      pathOf(/<Dial[^>]* action="([^"]+)"/.exec(dial)?.[1] ?? ""),
      {
        CallSid: sid,
        From: CALLER,
        To: NUMBER(),
        CallStatus: "in-progress",
        DialCallSid: leg.CallSid,
        DialCallStatus: "completed",
        DialCallDuration: String(duration_s),
      },
      { now },
    );
  const row = await stage.row(sid);
  const seen = () => stage.world.json<Call>(`/api/v1/calls/${row?.id}`);
  return { sid, dial, asked, press, end, seen };
}

describe("an agent", () => {
  it("hears the whisper, that the call is recorded, and the key, before the caller is let through", async () => {
    const { dial, asked } = await ring();
    expect(dial).toContain("This call will be recorded.");
    expect(dial).not.toMatch(/<Record|record=/);
    expect(asked).not.toContain("<Recording");
    expect(asked).toContain("A caller from Emergency plumbing.");
    expect(asked).toContain("This call is recorded.");
    expect(asked).toContain("Press 1 to take the call.");
    expect(asked.indexOf("recorded")).toBeLessThan(asked.indexOf("Press 1"));
  });

  it("is connected from the key on, and the money counts from there", async () => {
    const call = await ring();
    const { at } = stage.world;
    const joined = await call.press("1", at + 20_000);
    expect(joined).not.toContain("Hangup");
    expect(joined).toMatch(/<Start><Recording [^>]*recording\?of=CAwhisper/);
    await call.end(115, at + 135_000);
    const seen = await call.seen();
    expect(seen).toMatchObject({ connected_s: 95, answered_at: at + 20_000, disposition: "answered" });
    expect(seen.legs).toEqual([expect.objectContaining({ target: DESTINATION, connected_s: 95 })]);
  });

  it.each([
    ["another key", "5"],
    ["no key", null],
  ])("who presses %s was not connected, however long the phone was off the hook", async (_, digits) => {
    const call = await ring();
    const answer = await call.press(digits);
    expect(answer).toContain("<Hangup/>");
    expect(answer).not.toContain("Recording");
    await call.end(200, stage.world.at + 200_000);
    expect(await call.seen()).toMatchObject({
      connected_s: 0,
      answered_at: null,
      disposition: "no_answer",
      revenue: { status: "rejected" },
    });
  });

  it("still hears the notice and the key while the database is silent", async () => {
    const sid = `CAwhisper${++count}`;
    const dial = await stage.ring(sid);
    await stage.world.fault("throw");
    const leg = { ...LEG, CallSid: `${sid}leg`, ParentCallSid: sid };
    const asked = await stage
      .hook(pathOf(attribute(dial, "url")), leg)
      .then((response) => response.text())
      .finally(() => stage.world.fault("none"));
    expect(asked).toContain("This call is recorded.");
    expect(asked).toContain("Press 1 to take the call.");
  });

  it("who did not press it while the database was silent leaves the caller to the next phone", async () => {
    const target = await stage.world.json<{ id: string }>("/api/v1/targets", {
      json: { campaign_id: stage.stock.campaign_id, number: "+14155550611", timeout_s: 20 },
    });
    const call = await ring(inSilence);
    expect(call.dial).toContain(">+14155550611</Number>");
    await inSilence(() => call.press(null));
    expect(await (await call.end(12, stage.world.at + 20_000)).text()).toContain(`>${DESTINATION}</Number>`);
    await stage.world.json(`/api/v1/targets/${target.id}`, { method: "DELETE" });
  });

  it("who pressed it while the database was silent has taken the call", async () => {
    const call = await ring();
    const { at } = stage.world;
    await inSilence(() => call.press("1", at + 20_000));
    expect(await (await call.end(115, at + 135_000)).text()).toMatch(/<Response\/>$/);
    expect(await call.seen()).toMatchObject({ connected_s: 95, answered_at: at + 20_000 });
  });
});
