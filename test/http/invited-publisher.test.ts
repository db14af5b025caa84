import { afterAll, beforeAll, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { invitedPeople } from "../support/invited.ts";
import { placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";
import type { Visitor } from "../support/visitor.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  // Sessions go by the machine's clock, so everything here does.
  stage.world.at = Date.now();
});
afterAll(() => stage?.stop());

const { call, joined } = invitedPeople(() => stage);

it("an invited publisher sees its own figures and nothing of the network's or another's", async () => {
  const at = Date.now() - HOUR_MS;
  const told = { call_id: "own-1", to: await visit(stage.world, stage.own, at), at: at + 60_000 };
  await placeCall(stage.world, stage.own.sandbox_account_id, told);
  const own = await joined({ role: "viewer", organization_id: stage.own.publisher_id });
  const other = await joined({ role: "owner", organization_id: stage.other_publisher_id });
  type Calls = { data: { publisher_id: string; payout?: object; revenue?: object }[] };
  const callsOf = async ({ visitor }: { visitor: Visitor }) =>
    ((await (await call(visitor, "/calls", "GET")).json()) as Calls).data;

  const [mine, ...rest] = await callsOf(own);
  expect(rest).toEqual([]);
  expect(mine?.publisher_id).toBe(stage.own.publisher_id);
  expect(mine?.payout).toBeDefined();
  expect(mine).not.toHaveProperty("revenue");
  expect(await callsOf(other)).toEqual([]);

  const report = `/reports?metrics=calls,payout_micros&group_by=publisher_id&from=${at}&to=${Date.now() + DAY_MS}`;
  type Report = { data: Record<string, unknown>[] };
  const figures = (await (await call(own.visitor, report, "GET")).json()) as Report;
  expect(figures.data).toEqual([
    { publisher_id: stage.own.publisher_id, calls: 1, payout_micros: 45_000_000 },
  ]);
  expect(((await (await call(other.visitor, report, "GET")).json()) as Report).data).toEqual([]);
  for (const path of ["/publishers", "/advertisers", "/telephony-accounts", "/network", "/users"]) {
    await problemOf(await call(own.visitor, path, "GET"), 403);
  }
  const known = await own.visitor.me();
  expect(known.organizations.map(({ id }) => id)).toEqual([stage.own.publisher_id]);
});
