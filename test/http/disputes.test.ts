import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { ListOf } from "../../shared/api/common.ts";
import { Dispute } from "../../shared/api/disputes.ts";
import type { Role } from "../../shared/api/organizations.ts";
import { MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

const STATIC = "+16285550900";
const WORDS = { reason: "spam", detail: "A recorded voice.\nNobody spoke." };

let stage: Stage;
let told = 0;
/** Disputed by the advertiser, and decided in part. */
let decided: Dispute;

beforeAll(async () => {
  stage = await setStage();
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stage.own;
  await stage.json("admin", "/numbers", {
    json: { telephony_account_id, e164: [STATIC], campaign_id, publisher_id },
  });
  const { id } = await freshDispute();
  decided = await stage.json<Dispute>("billing", `/disputes/${id}/decision`, {
    json: {
      decision: "partial",
      note: "Half of it.",
      advertiser_credit_micros: 35_000_001,
      publisher_debit_micros: 22_000_003,
    },
  });
});
afterAll(() => stage?.stop());

/** Each by a caller of its own, ten minutes after the one before. */
async function freshCall(): Promise<Call> {
  const call_id = `http-${++told}`;
  const { world, own } = stage;
  world.at += 10 * MINUTE_MS;
  const from = `+1415555${String(3_000 + told)}`;
  await placeCall(world, own.sandbox_account_id, { call_id, to: STATIC, at: world.at - 5 * MINUTE_MS, from });
  return callNamed(world, call_id, world.at);
}
async function freshDispute(who: Who = "advertiser"): Promise<Dispute> {
  const { id } = await freshCall();
  return stage.json<Dispute>(who, `/calls/${id}/disputes`, { json: WORDS });
}
const read = (who: Who, { id }: Dispute) => stage.json<Dispute>(who, `/disputes/${id}`);
const listed = async (who: Who, query = "") =>
  (await stage.json<{ data: Dispute[] }>(who, `/disputes?limit=200${query}`)).data.map(({ id }) => id);

describe("the routes", () => {
  checkRoute(() => stage, {
    operation: "disputes.create",
    method: "POST",
    path: async () => `/calls/${(await freshCall()).id}/disputes`,
    body: () => ({ ...WORDS, side: "revenue" }),
    required: ["reason", "detail"],
    status: 201,
    answers: Dispute,
  });
  checkRoute(() => stage, {
    operation: "disputes.decide",
    method: "POST",
    path: async () => `/disputes/${(await freshDispute()).id}/decision`,
    body: () => ({
      decision: "partial",
      note: "Half of it.",
      advertiser_credit_micros: 35_000_000,
      publisher_debit_micros: 20_000_000,
    }),
    required: ["decision", "note"],
    status: 200,
    answers: Dispute,
  });
  checkRoute(() => stage, {
    operation: "disputes.list",
    method: "GET",
    path: () => "/disputes",
    status: 200,
    answers: ListOf(Dispute),
  });
  checkRoute(() => stage, {
    operation: "disputes.read",
    method: "GET",
    path: () => `/disputes/${decided.id}`,
    status: 200,
    answers: Dispute,
  });
});

describe("who may", () => {
  const rolesThatMay = async (
    organization_id: string | undefined,
    ask: (key: string) => Promise<Response>,
  ) => {
    const allowed: string[] = [];
    for (const role of ["admin", "billing", "analyst", "viewer"] satisfies Role[]) {
      const json = { name: role, role, ...(organization_id && { organization_id }) };
      const { key } = await stage.json<{ key: string }>("admin", "/api-keys", { json });
      const { status } = await ask(key);
      if (status !== 403) allowed.push(role);
    }
    return allowed;
  };

  it("open one is who keeps an organization's accounts, of either side and of the network", async () => {
    const call = await freshCall();
    const ask = (key: string) => stage.world.ask(`/api/v1/calls/${call.id}/disputes`, { key, json: WORDS });
    for (const id of [stage.own.advertiser_id, stage.own.publisher_id, undefined]) {
      expect(await rolesThatMay(id, ask)).toEqual(["admin", "billing"]);
    }
  });

  it("decide is who keeps the network's", async () => {
    const { id } = await freshDispute();
    const json = { decision: "declined", note: "No." };
    const ask = (key: string) => stage.world.ask(`/api/v1/disputes/${id}/decision`, { key, json });
    expect(await rolesThatMay(stage.own.advertiser_id, ask)).toEqual([]);
    expect(await rolesThatMay(stage.own.publisher_id, ask)).toEqual([]);
    expect(await rolesThatMay(undefined, ask)).toEqual(["admin", "billing"]);
  });
});

describe("a dispute", () => {
  it("reads the same to both sides, each with its own money only", async () => {
    const { own } = stage;
    const network = await read("admin", decided);
    expect(network).toMatchObject({
      status: "partial",
      opened_by: "advertiser",
      publisher_id: own.publisher_id,
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      advertiser_credit_micros: 35_000_001,
      publisher_debit_micros: 22_000_003,
      ...WORDS,
      note: "Half of it.",
    });
    const [advertiser, publisher] = [await read("advertiser", decided), await read("publisher", decided)];
    const hidden = {
      advertiser: ["publisher_id", "payout_micros", "publisher_debit_micros"],
      publisher: ["revenue_micros", "advertiser_credit_micros", "payout_micros"],
    };
    const without = (names: string[]) =>
      Object.fromEntries(Object.entries(network).filter(([name]) => !names.includes(name)));
    expect(advertiser).toEqual(without(hidden.advertiser));
    expect(publisher).toEqual(without(hidden.publisher));
    await problemOf(await stage.as("other_publisher", `/disputes/${decided.id}`), 404);
    expect(await listed("other_publisher")).toEqual([]);
  });

  it("about a payout is none of the advertiser's business", async () => {
    const { id } = await freshCall();
    const json = { ...WORDS, side: "payout" };
    const dispute = await stage.json<Dispute>("admin", `/calls/${id}/disputes`, { json });
    await problemOf(await stage.as("advertiser", `/disputes/${dispute.id}`), 404);
    expect(await listed("advertiser", `&call_id=${id}`)).toEqual([]);
    expect(await listed("publisher", `&call_id=${id}`)).toEqual([dispute.id]);
  });

  it("stands in the call's timeline and rules, and its repetition with a key moves nothing twice", async () => {
    const call = await stage.json<Call>("publisher", `/calls/${decided.call_id}`);
    expect(
      call.timeline?.filter(({ kind }) => /disputed|decided/.test(kind)).map(({ detail }) => detail),
    ).toEqual([
      "the advertiser disputes what the advertiser owes",
      "the dispute about what the advertiser owes was accepted in part",
    ]);
    expect(call.payout).toMatchObject({ status: "qualified", payout_micros: 22_999_997 });
    expect(call.payout?.rules.find(({ rule }) => rule === "dispute")).toEqual({
      rule: "dispute",
      passed: true,
      detail: "the advertiser disputes what the advertiser owes: accepted in part",
    });
    expect(JSON.stringify(call)).not.toContain("35000001");
    const seen = await stage.json<Call>("advertiser", `/calls/${decided.call_id}`);
    expect(seen.revenue).toMatchObject({ status: "qualified", revenue_micros: 34_999_999 });
    expect(JSON.stringify(seen)).not.toMatch(/22000003|22999997|45000000/);
  });
});

describe("GET /disputes", () => {
  it("is narrowed down, and turned page by page", async () => {
    const all = await listed("admin");
    expect(all.length).toBeGreaterThan(3);
    expect(await listed("admin", "&status=partial&side=revenue")).toContain(decided.id);
    expect(await listed("admin", "&status=open")).not.toContain(decided.id);
    const over = await listed("admin", "&status=decided");
    expect(over).toContain(decided.id);
    expect([...over, ...(await listed("admin", "&status=open"))].toSorted()).toEqual(all.toSorted());
    expect(await listed("admin", `&call_id=${decided.call_id}`)).toEqual([decided.id]);
    expect(await listed("admin", `&campaign_id=${stage.own.campaign_id}`)).toEqual(all);
    expect(await listed("admin", `&from=${decided.opened_at}&to=${decided.opened_at + 1}`)).toEqual([
      decided.id,
    ]);
    expect(await listed("admin", `&to=${decided.opened_at}`)).not.toContain(decided.id);
    const turned: string[] = [];
    for (let cursor = ""; ; ) {
      const page = v.parse(ListOf(Dispute), await stage.json("admin", `/disputes?limit=2&cursor=${cursor}`));
      turned.push(...page.data.map(({ id }) => id));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(turned).toEqual(all);
    for (const query of ["?status=lost", "?side=margin", "?cursor=x", "?nonsense=1", "?limit=201"]) {
      await problemOf(await stage.as("admin", `/disputes${query}`), 422);
    }
  });

  it("goes out as a file with the columns of its reader", async () => {
    const fileOf = async (who: Who) =>
      (await (await stage.as(who, `/disputes?format=csv&call_id=${decided.call_id}`)).text()).trim();
    const head = async (who: Who) => (await fileOf(who)).split("\r\n")[0]?.split(",") ?? [];
    const hidden = {
      advertiser: ["payout_micros", "publisher_debit_micros", "publisher_id"],
      publisher: ["revenue_micros", "advertiser_credit_micros", "publisher_alias"],
    };
    expect(await head("admin")).toEqual(expect.arrayContaining([...hidden.advertiser, ...hidden.publisher]));
    for (const who of ["advertiser", "publisher"] as const) {
      for (const name of hidden[who]) expect(await head(who)).not.toContain(name);
    }
    expect(await fileOf("advertiser")).not.toMatch(/22000003|45000000/);
    expect(await fileOf("publisher")).not.toMatch(/35000001|70000000/);
    expect(await fileOf("publisher")).toContain("22000003");
  });
});

describe("what is wrong in a decision", () => {
  it.each([
    [{ decision: "declined", advertiser_credit_micros: 1 }, "/advertiser_credit_micros"],
    [{ decision: "accepted", publisher_debit_micros: 1 }, "/publisher_debit_micros"],
    [{ decision: "partial" }, "/advertiser_credit_micros"],
    [
      { decision: "partial", advertiser_credit_micros: 0, publisher_debit_micros: 0 },
      "/advertiser_credit_micros",
    ],
    [{ decision: "partial", advertiser_credit_micros: 70_000_001 }, "/advertiser_credit_micros"],
    [{ decision: "partial", publisher_debit_micros: 45_000_001 }, "/publisher_debit_micros"],
    [{ decision: "partial", advertiser_credit_micros: -1 }, "/advertiser_credit_micros"],
    [{ decision: "partial", advertiser_credit_micros: 0.5 }, "/advertiser_credit_micros"],
    [{ decision: "maybe" }, "/decision"],
    [{ decision: "declined", note: " " }, "/note"],
  ])("%j is refused by name", async (json, pointer) => {
    const { id } = await freshDispute();
    const problem = await problemOf(
      await stage.as("admin", `/disputes/${id}/decision`, { json: { note: "Why.", ...json } }),
      422,
    );
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect((await read("admin", { id } as Dispute)).status).toBe("open");
  });
});
