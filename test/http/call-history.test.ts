import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { CallHistory } from "../../shared/api/touches.ts";
import { DAY_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { look } from "../support/clicks.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
let call: Call;

beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  const { at } = world;
  await look(world, own, at, { visitor: "anna", query: "?utm_source=mail&utm_medium=email" });
  await look(world, own, at + 7 * DAY_MS, { visitor: "anna", query: "?utm_source=google&utm_medium=cpc" });
  await look(world, own, at + 8 * DAY_MS, { visitor: "somebody-else", query: "?utm_source=bing" });
  const { number } = await look(world, own, at + 14 * DAY_MS, { visitor: "anna" });
  const account = own.sandbox_account_id;
  await placeCall(world, account, { call_id: "history-0", to: number, at: at + 9 * DAY_MS });
  await placeCall(world, account, { call_id: "history-1", to: number, at: at + 14 * DAY_MS + MINUTE_MS });
  world.at += 15 * DAY_MS;
  call = await callNamed(world, "history-1", world.at);
});
afterAll(() => stage?.stop());

describe("/calls/{id}/history", () => {
  checkRoute(() => stage, {
    operation: "call_history.read",
    method: "GET",
    path: () => `/calls/${call.id}/history`,
    status: 200,
    answers: CallHistory,
  });

  it("has the visitor's visits with each model's shares, and the caller's earlier calls", async () => {
    const history = await stage.json<CallHistory>("admin", `/calls/${call.id}/history`);
    expect(
      history.touches.map(({ source, shares }) => [source, shares.last, shares.first, shares.linear]),
    ).toEqual([
      ["mail", 0, 1, 0.5],
      ["google", 1, 0, 0.5],
      ["(direct)", 0, 0, 0],
    ]);
    expect(history.touches.at(-1)?.session_id).toBe(call.session?.id);
    expect(history.earlier_calls).toHaveLength(1);
  });

  it("is the network's alone: it crosses publishers", async () => {
    for (const who of ["publisher", "advertiser"] as const) {
      await problemOf(await stage.as(who, `/calls/${call.id}/history`), 403);
    }
  });
});
