import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { CALLER, type Stage, setStage } from "./inbound-stage.ts";

/** A call that is handed on: a qualifier talks first, a buyer after; and an agent who does not take it. */

const QUALIFIER = "+14155550611";
const BUYER = "+14155550612";
const NEXT_BUYER = "+14155550613";
let stage: Stage;
let ids: Record<"qualifier" | "buyer" | "next", string>;

const post = <T = { id: string }>(path: string, json: unknown) =>
  stage.world.json<T>(`/api/v1${path}`, { json });
const target = async (number: string, priority: number) =>
  (await post("/targets", { campaign_id: stage.stock.campaign_id, number, priority })).id;
const setFlow = (flow: object) => post(`/campaigns/${stage.stock.campaign_id}/call-flows`, flow);

beforeAll(async () => {
  stage = await setStage();
  ids = {
    qualifier: await target(QUALIFIER, 3),
    buyer: await target(BUYER, 1),
    next: await target(NEXT_BUYER, 2),
  };
});
afterAll(() => stage?.world.stop());

type Answer = {
  action: string;
  id: string;
  before?: object[];
  target?: string;
  callbacks?: { whisper: string | null };
};
let count = 0;
/** A sandbox call whose story is told second by second. */
async function ring() {
  const call_id = `transfer-${++count}`;
  const to = stage.stock.pool_numbers[0];
  stage.world.at += 3_600_000;
  const began = stage.world.at;
  const at = (s: number) => began + s * 1_000;
  const said = async (response: Response) => (await response.json()) as Answer;
  const dial = await said(await stage.sandbox("voice", { call_id, from: CALLER, to }));
  const path = `/v1/telephony/${stage.stock.sandbox_account_id}`;
  const ended = async (target: string, status: string, s: number, connected_s?: number) =>
    said(
      await stage.world.ask(`${path}/dial/${dial.id}`, {
        json: { call_id, target, status, ...(connected_s !== undefined && { connected_s }) },
        now: at(s),
      }),
    );
  const over = (s: number) =>
    stage.sandbox("status", { call_id, status: "completed", duration_s: s }, { now: at(s) });
  const agent = (step: string, s: number, digits?: string) =>
    stage.world.ask(`${path}/gather/${dial.id}/${step}`, {
      json: { call_id, target: dial.target, ...(digits !== undefined && { digits }) },
      now: at(s),
    });
  const seen = () => stage.world.json<Call>(`/api/v1/calls/${dial.id}`, { now: at(4_000) });
  return { dial, ended, over, agent, seen };
}

describe("a qualifier", () => {
  beforeAll(async () => {
    const nodes = [
      { kind: "connect", id: "first", target_ids: [ids.qualifier], afterwards: "sale", otherwise: "bye" },
      { kind: "connect", id: "sale", target_ids: [ids.buyer], otherwise: "bye" },
      { kind: "hang_up", id: "bye", prompt: { say: "Nobody is there." } },
    ];
    await setFlow({ menu: { start: "first", nodes } });
  });

  it("hands the caller on to a buyer, as legs of one call, and money counts the buyer's alone", async () => {
    const call = await ring();
    expect(call.dial.target).toBe(QUALIFIER);
    expect((await call.ended(QUALIFIER, "completed", 200, 180)).target).toBe(BUYER);
    await call.ended(BUYER, "completed", 310, 100);
    await call.over(310);
    const seen = await call.seen();
    expect(seen.legs).toMatchObject([
      { target: QUALIFIER, role: "qualifier", connected_s: 180 },
      { target: BUYER, role: "buyer", connected_s: 100 },
    ]);
    expect(seen).toMatchObject({ connected_s: 100, target: BUYER });
    expect(seen.revenue?.rules).toContainEqual(
      expect.objectContaining({ rule: "min_duration", detail: "100 s ≥ 90 s" }),
    );
  });

  it("alone is nobody to pay for", async () => {
    const call = await ring();
    await call.ended(QUALIFIER, "completed", 200, 180);
    await call.ended(BUYER, "no_answer", 230);
    await call.over(230);
    const seen = await call.seen();
    expect(seen.connected_s ?? 0).toBe(0);
    expect(seen.revenue).toMatchObject({ status: "rejected" });
  });

  it("who is not there leaves the call to the menu", async () => {
    const call = await ring();
    expect(await call.ended(QUALIFIER, "busy", 20)).toMatchObject({ say: "Nobody is there." });
  });
});

describe("an agent who has to press a key", () => {
  it("and does not is passed over: the next one is rung", async () => {
    await setFlow({ greeting: { say: "Welcome." }, accept_key: "1" });
    const call = await ring();
    expect(call.dial.target).toBe(BUYER);
    const whisper = new URL(call.dial.callbacks?.whisper ?? "").pathname.split("/").at(-1) ?? "";
    await call.agent(whisper, 5);
    await call.agent("accept-1", 12, "5");
    expect(call.dial.before).toEqual([{ say: "Welcome." }]);
    // The caller is greeted once.
    const next = await call.ended(BUYER, "completed", 13, 8);
    expect(next).toMatchObject({ target: NEXT_BUYER, before: [] });
    expect((await call.ended(BUYER, "completed", 14, 8)).target).toBe(NEXT_BUYER);
    await call.agent(whisper, 20);
    expect((await call.seen()).legs).toMatchObject([{ target: BUYER, status: "no_answer", connected_s: 0 }]);
  });
});
