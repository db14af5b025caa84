import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Inputs } from "../../edge/attribution/tables.ts";
import type { TrackingNumber } from "../../shared/api/inventory.ts";
import type { Replay } from "../../shared/api/replays.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/** What becomes of calls whose number was another pool's when it rang, or nobody's pool's, as is written down afterwards. */

let world: World;
let stock: Inventory;
let told = 0;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 40 * DAY_MS;
});

const api = <T = { id: string }>(path: string, json: unknown, now = world.at) =>
  world.json<T>(`/api/v1${path}`, { json, now });

async function ring(to: string, at: number, from = `+1415556${String(1_000 + ++told)}`) {
  const call_id = `moved-${++told}`;
  await placeCall(world, stock.sandbox_account_id, { call_id, to, at, from });
  return call_id;
}

type Place = { campaign_id: string; publisher_id: string } | { pool_id: string };

/** A day later it is written down that the number was moved a minute after the test began. */
const moveLate = (number_id: string, place: Place) =>
  api(`/numbers/${number_id}/move`, { ...place, effective_at: world.at + MINUTE_MS }, world.at + DAY_MS);
const replay = (ask: { apply?: boolean } = {}) =>
  api<Replay>("/replays", { from: world.at, to: world.at + DAY_MS, ...ask }, world.at + 2 * DAY_MS);
const callOf = (call_id: string) => callNamed(world, call_id, world.at + 3 * DAY_MS);
const pastOf = async (name: string) => {
  const inputs = await world.d1
    .prepare("SELECT inputs FROM attributions WHERE call_id = ? ORDER BY version DESC LIMIT 1")
    .bind((await callOf(name)).id)
    .first<string>("inputs");
  return (JSON.parse(inputs ?? "") as Inputs).past;
};

it("a call that was corrected to another pool of its campaign is remembered there, and nowhere else", async () => {
  const { at } = world;
  const { number: to } = await look(world, stock, at, { visitor: "otto" });
  const caller = "+14155550169";
  const names = [await ring(to, at + 5 * MINUTE_MS, caller), await ring(to, at + 3 * HOUR_MS, caller)];
  const [first = "", second = ""] = names;
  const { campaign_id, publisher_id } = stock;
  const other = await api("/pools", { campaign_id, publisher_id, name: "Other" });
  const listed = await world.json<{ data: TrackingNumber[] }>(`/api/v1/numbers?pool_id=${stock.pool_id}`);
  const { id = "" } = listed.data.find(({ e164 }) => e164 === to) ?? {};
  const poolsRemembering = async () => {
    const rows = await world.d1
      .prepare("SELECT pool_id FROM attribution_steps WHERE started_at >= ? ORDER BY started_at")
      .bind(at)
      .all<{ pool_id: string }>();
    return rows.results.map(({ pool_id }) => pool_id);
  };
  const before = await pastOf(second);
  expect(before.redial).not.toBeNull();

  await moveLate(id, { pool_id: other.id });
  const preview = await replay();
  expect(await replay({ apply: true })).toEqual({ ...preview, mode: "applied" });
  expect(await poolsRemembering()).toEqual([other.id, other.id]);
  expect(await pastOf(second)).toEqual(before);
  expect((await callOf(first)).attribution.method).toBe("lease");
  expect((await replay({ apply: true })).calls).toEqual([]);
});

it("a visit on a publisher's own site stays its when the number proves to be everybody's, and another's when it is another's", async () => {
  const { at } = world;
  const { campaign_id, publisher_id } = stock;
  const { number: to } = await look(world, stock, at, { visitor: "vera" });
  const name = await ring(to, at + 5 * MINUTE_MS);
  const listed = await world.json<{ data: TrackingNumber[] }>(`/api/v1/numbers?pool_id=${stock.pool_id}`);
  const { id = "" } = listed.data.find(({ e164 }) => e164 === to) ?? {};
  const other = await api("/publishers", { name: `Publisher ${++told}` });
  await api(`/campaigns/${campaign_id}/enrollments`, { publisher_id: other.id, status: "approved" });
  const theirs = await api("/pools", { campaign_id, publisher_id: other.id, name: "Theirs" });
  const shared = await api("/pools", { campaign_id, name: "Everybody's" });
  const proofs = [];
  for (const [i, pool_id] of [shared.id, theirs.id, shared.id].entries()) {
    const now = at + (i + 1) * DAY_MS;
    await api(`/numbers/${id}/move`, { pool_id, effective_at: at + (i + 1) * 1_000 }, now);
    const json = { from: at, to: at + HOUR_MS, apply: true };
    await world.json<Replay>("/api/v1/replays", { json, now });
    const call = await callNamed(world, name, now);
    expect(call.payout?.status).toBe("qualified");
    expect(call.session).toMatchObject({
      publisher_id: call.publisher_id,
      publisher_proof: call.attribution.publisher_proof,
    });
    proofs.push([call.publisher_id, call.attribution.publisher_proof]);
  }
  expect(proofs).toEqual([
    [publisher_id, "site"],
    [other.id, "number"],
    [publisher_id, "site"],
  ]);
});

it("a number that never left its pool brings the visits of that pool back with its calls, at once", async () => {
  const { at } = world;
  const { campaign_id, publisher_id } = stock;
  const { number: to } = await look(world, stock, at, { visitor: "wanda" });
  const { number: kept } = await look(world, stock, at, { visitor: "wendy", address: "192.0.2.2" });
  // To have the visits in D1.
  await world.json("/api/v1/sessions", { now: at + MINUTE_MS });
  const listed = await world.json<{ data: TrackingNumber[] }>(`/api/v1/numbers?pool_id=${stock.pool_id}`);
  const { id = "" } = listed.data.find(({ e164 }) => e164 === to) ?? {};
  const other = await api("/pools", { campaign_id, name: "By mistake" });
  const from = at + HOUR_MS;
  await api(`/numbers/${id}/move`, { pool_id: other.id, effective_at: from }, from);
  const name = await ring(to, at + 2 * HOUR_MS);
  const alike = await ring(kept, at + 2 * HOUR_MS);
  expect((await callNamed(world, name, at + 3 * HOUR_MS)).attribution.method).toBe("none");

  await api(`/numbers/${id}/move`, { pool_id: stock.pool_id, effective_at: from + 1_000 }, at + DAY_MS);
  const preview = await replay();
  expect(await replay({ apply: true })).toEqual({ ...preview, mode: "applied" });
  const call = await callOf(name);
  expect(call.attribution).toMatchObject({
    method: "late_lease",
    publishers: [{ publisher_id, proof: "number" }],
  });
  // As surely as of the number beside it, which nobody moved.
  const { attribution } = await callOf(alike);
  expect(call.attribution.confidence).toBeCloseTo(attribution.confidence, 3);
  expect((await replay({ apply: true })).calls).toEqual([]);
  expect((await callOf(name)).attribution).toEqual(call.attribution);
});

it("nothing is remembered in its pool of a call that was corrected to a static number", async () => {
  const { at } = world;
  const { number: to } = await look(world, stock, at, { visitor: "anna" });
  const gone = await callOf(await ring(to, at + 5 * MINUTE_MS, "+14155550167"));
  const reader = await ring(to, at + 3 * HOUR_MS, "+14155550167");
  const remembered = () =>
    world.d1
      .prepare("SELECT count(*) AS n FROM attribution_steps WHERE call_id = ?")
      .bind(gone.id)
      .first<number>("n");
  expect((await pastOf(reader)).redial).toMatchObject({ at: gone.started_at });
  expect(await remembered()).toBe(1);

  const listed = await world.json<{ data: TrackingNumber[] }>(`/api/v1/numbers?pool_id=${stock.pool_id}`);
  const { id = "" } = listed.data.find(({ e164 }) => e164 === to) ?? {};
  const { campaign_id, publisher_id } = stock;
  await moveLate(id, { campaign_id, publisher_id });
  // And back again before the second call.
  await api(`/numbers/${id}/move`, { pool_id: stock.pool_id, effective_at: at + 2 * HOUR_MS }, at + DAY_MS);
  const preview = await replay();
  expect(await replay({ apply: true })).toEqual({ ...preview, mode: "applied" });
  expect((await callNamed(world, gone.provider_call_id, world.at + 3 * DAY_MS)).attribution.method).toBe(
    "static_number",
  );
  expect(await remembered()).toBe(0);
  expect(await pastOf(reader)).toEqual({ leases: {}, redial: null });
  expect((await replay({ apply: true })).calls).toEqual([]);
});
