import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CAREFUL_START, MODEL_VERSION, START } from "../../edge/attribution/model/parameters.ts";
import { Replay } from "../../shared/api/replays.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { look } from "../support/clicks.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";
import { whileStuck } from "../support/stuck.ts";

const STATIC = "+16285550900";
const TERMS = {
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 86_400,
  repeat_callers: "first_only",
};

const LATE_VISIT = ["a visit was stored only after the call"];

let stage: Stage;
let number_id: string;
let told = 0;

beforeAll(async () => {
  stage = await setStage();
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stage.own;
  const { data } = await stage.json<{ data: { id: string }[] }>("admin", "/numbers", {
    json: { telephony_account_id, e164: [STATIC], campaign_id, publisher_id },
  });
  number_id = data[0]?.id ?? "";
  await stage.json("admin", `/campaigns/${campaign_id}/enrollments`, {
    json: { publisher_id: stage.other_publisher_id, status: "approved" },
  });
});
afterAll(() => stage?.stop());
beforeEach(() => {
  stage.world.at += 40 * DAY_MS;
});

async function place(at: number, over: { to?: string; from?: string; connected_s?: number } = {}) {
  const call_id = `replay-${++told}`;
  await placeCall(stage.world, stage.own.sandbox_account_id, { call_id, to: STATIC, at, ...over });
  return call_id;
}
const replay = (json: Record<string, unknown>) => {
  const { at } = stage.world;
  const range = { from: at, to: at + DAY_MS };
  return stage.json<Replay>("admin", "/replays", { json: { ...range, ...json }, now: at + 2 * DAY_MS });
};
const written = async () => {
  const tables = ["attributions", "verdicts", "ledger_transactions", "call_events", "snapshot_corrections"];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  return stage.world.d1.prepare(`SELECT ${counts.join(", ")}`).first();
};

describe("/replays", () => {
  checkRoute(() => stage, {
    operation: "replays.create",
    method: "POST",
    path: () => "/replays",
    body: (s) => ({
      from: s.world.at,
      to: s.world.at + 1,
      campaign_id: s.own.campaign_id,
      terms: TERMS,
      model: MODEL_VERSION,
      apply: false,
      limit: 10,
    }),
    required: ["from", "to"],
    status: 200,
    answers: Replay,
  });

  it("judges a call again by the start values of the release that judged it first", async () => {
    const { at } = stage.world;
    const { number } = await look(stage.world, stage.own, at, { visitor: "release" });
    const call_id = await place(at + MINUTE_MS, { to: number });
    const { id } = await callNamed(stage.world, call_id, at + DAY_MS);
    const model_of = (version: number) =>
      stage.world.d1
        .prepare("SELECT model_version FROM attributions WHERE call_id = ? AND version = ?")
        .bind(id, version)
        .first("model_version");
    expect(await model_of(1)).toBe(CAREFUL_START.version);
    // As if another release, which shipped other values, had judged it.
    await stage.world.d1
      .prepare(
        `INSERT INTO attributions (id, network_id, call_id, version, corrects_id, reason, model_version, attribution, inputs, created_at)
         SELECT id || 'x', network_id, call_id, 2, id, reason, ?2, replace(attribution, model_version, ?2),
           replace(inputs, model_version, ?2), created_at FROM attributions WHERE call_id = ?1`,
      )
      .bind(id, START.version)
      .run();
    await replay({ apply: true });
    expect(await model_of(3)).toBe(START.version);
    const after = await written();
    await replay({ apply: true });
    expect(await written()).toEqual(after);
  });

  it("never prices a call again: other terms and models are previews", async () => {
    const range = { from: stage.world.at, to: stage.world.at };
    for (const [json, status, pointer] of [
      [{ ...range, apply: true, terms: TERMS }, 422, "/apply"],
      [{ ...range, apply: true, model: MODEL_VERSION }, 422, "/apply"],
      [{ ...range, model: "nobodys" }, 404, "/model"],
      [{ ...range, campaign_id: `cmp_${"0".repeat(26)}` }, 404, "/campaign_id"],
      [{ from: 2_000_000_000_000, to: 1_000_000_000_000 }, 422, "/to"],
    ] as const) {
      const refused = await problemOf(await stage.as("admin", "/replays", { json }), status);
      expect(refused.errors?.[0]?.pointer).toBe(pointer);
    }
  });
});

describe("a replay", () => {
  it("changes nothing while no fact is new, applied as often as one likes", async () => {
    const { at } = stage.world;
    const shown = await look(stage.world, stage.own, at, { visitor: "anna" });
    await place(at + MINUTE_MS, { to: shown.number });
    await place(at + 2 * MINUTE_MS, { to: shown.number });
    await place(at + 3 * MINUTE_MS);
    await place(at + HOUR_MS, { connected_s: 10, from: "+14155550166" });
    const before = await written();
    for (const apply of [false, true, true]) {
      const answer = await replay({ apply });
      expect(answer).toMatchObject({ checked: 4, calls: [], mode: apply ? "applied" : "preview" });
      expect(answer.totals[0]?.before).toEqual(answer.totals[0]?.after);
    }
    expect(await written()).toEqual(before);
  });

  it("shows what other terms would have come to, repeats included, and writes nothing", async () => {
    const { at } = stage.world;
    const first = await place(at, { connected_s: 100 });
    const second = await place(at + HOUR_MS, { connected_s: 130 });
    const before = await written();
    const answer = await replay({ terms: { ...TERMS, min_duration_s: 120, payout_micros: 50_000_000 } });
    const ids = await Promise.all(
      [first, second].map(async (id) => (await callNamed(stage.world, id, at + DAY_MS)).id),
    );
    expect(
      answer.calls.map(({ call_id, before, after }) => [call_id, before.payout_micros, after.payout_micros]),
    ).toEqual([
      [ids[0], 45_000_000, 0],
      [ids[1], 0, 50_000_000],
    ]);
    expect(answer.totals).toEqual([
      {
        currency: "USD",
        calls: 2,
        before: { revenue_micros: 70_000_000, payout_micros: 45_000_000 },
        after: { revenue_micros: 70_000_000, payout_micros: 50_000_000 },
      },
    ]);
    expect(await written()).toEqual(before);
  });

  it("goes through a long range page by page, repeats of an earlier page included", async () => {
    const { at } = stage.world;
    for (let i = 0; i < 3; i++) await place(at + i * MINUTE_MS);
    const terms = { ...TERMS, revenue_micros: 71_000_000 };
    const first = await replay({ terms, limit: 2 });
    const second = await replay({ terms, limit: 2, cursor: first.next_cursor });
    expect([first.checked, second.checked, second.next_cursor]).toEqual([2, 1, null]);
    // The first call alone is due; the others stay its repeats.
    expect([...first.calls, ...second.calls].map(({ after }) => after.revenue_micros)).toEqual([71_000_000]);
  });

  it("books a call to whom its number belonged, once that is corrected, and again nothing", async () => {
    const { at } = stage.world;
    const call_id = await place(at + HOUR_MS);
    const early = await place(at, { from: "+14155550166" });
    const { campaign_id, publisher_id } = stage.own;
    const rightful = stage.other_publisher_id;
    await stage.json("admin", `/numbers/${number_id}/move`, {
      now: at + DAY_MS,
      json: { campaign_id, publisher_id: rightful, effective_at: at + MINUTE_MS },
    });
    const preview = await replay({});
    const call = await callNamed(stage.world, call_id, at + DAY_MS);
    expect(call.publisher_id).toBe(publisher_id);
    expect(preview.calls.map(({ call_id, after }) => [call_id, after.publisher_id])).toEqual([
      [call.id, rightful],
    ]);

    const answer = await replay({ apply: true });
    expect(answer.calls.map(({ before, after }) => [before.publisher_id, after.publisher_id])).toEqual([
      [publisher_id, rightful],
    ]);
    const now = at + 2 * DAY_MS;
    expect((await callNamed(stage.world, early, now)).publisher_id).toBe(publisher_id);
    const lines = await ledgerOf(stage.world, `call_id=${call.id}`, now);
    expect(balancesOf(lines)).toMatchObject({ [`payable ${rightful}`]: -45_000_000 });
    expect(balancesOf(lines)).not.toHaveProperty([`payable ${publisher_id}`]);
    const versions = await stage.world.d1
      .prepare("SELECT version, corrects_id, reason FROM attributions WHERE call_id = ? ORDER BY version")
      .bind(call.id)
      .all<{ version: number; corrects_id: string | null; reason: string }>();
    expect(versions.results.map(({ version, corrects_id }) => [version, corrects_id !== null])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(versions.results[1]?.reason).toMatch(/^replayed/);

    const after = await written();
    expect((await replay({ apply: true })).calls).toEqual([]);
    expect(await written()).toEqual(after);
  });

  it("weighs a visit that was stored only after the call, and keeps what was frozen beside it", async () => {
    const { at } = stage.world;
    const shown = await look(stage.world, stage.own, at, { visitor: "anna" });
    const call_id = await place(at + 10 * MINUTE_MS, { to: shown.number, from: "+14155550155" });
    const call = await callNamed(stage.world, call_id, at + HOUR_MS);
    // The caller again: who that was is known of the call before, and no longer so surely.
    await place(at + 12 * MINUTE_MS, { to: shown.number, from: "+14155550155" });
    // The same visit an hour earlier, as another object of the pool would have written it down too late.
    await stage.json("admin", "/sessions", { now: at + HOUR_MS });
    await stage.world.d1
      .prepare(
        `INSERT INTO sessions SELECT number_key, leased_at - 3600000, network_id, pool_id, site_id, revision,
          leased_at - 1800000, leased_at - 1800000, leased_at - 3500000, NULL, 'bert', landing_url, landing_path,
          referrer, source, medium, campaign, term, content, channel, click_ids, device, country, region,
          publisher_id, publisher_proof, click_link, click_nonce, data, tel_clicks
        FROM sessions WHERE leased_at = ?`,
      )
      .bind(at)
      .run();
    const preview = await replay({});
    const answer = await replay({ apply: true });
    expect(answer.calls.map(({ reasons }) => reasons)).toEqual([LATE_VISIT, LATE_VISIT]);
    expect({ ...preview, mode: "applied" }).toEqual(answer);
    const again = await callNamed(stage.world, call_id, at + 3 * DAY_MS);
    expect(again.attribution.candidates.length).toBe(call.attribution.candidates.length + 1);
    expect(again.attribution.confidence).toBeLessThan(call.attribution.confidence);
    const after = await written();
    expect((await replay({ apply: true })).calls).toEqual([]);
    expect(await written()).toEqual(after);
  });

  it("gives the caller's next call its own back at the advertiser that a call was not for after all", async () => {
    const { at } = stage.world;
    const { sandbox_account_id: telephony_account_id, publisher_id, campaign_id } = stage.own;
    const post = <T = { id: string }>(path: string, json: unknown, now = at) =>
      stage.json<T>("admin", path, { json, now });
    const numbers = await post<{ data: { id: string }[] }>("/numbers", {
      telephony_account_id,
      e164: ["+16285550910", "+16285550911"],
      campaign_id,
      publisher_id,
    });
    const rightful = await post("/advertisers", { name: "Alder Roofing" });
    const theirs = await post("/campaigns", {
      advertiser_id: rightful.id,
      name: "Roofing",
      timezone: "UTC",
      currency: "USD",
      destination_number: "+14155550199",
      terms: TERMS,
    });
    await post(`/campaigns/${theirs.id}/enrollments`, { publisher_id, status: "approved" });
    const from = "+14155550133";
    const moved = await place(at + HOUR_MS, { to: "+16285550910", from });
    const next = await place(at + 5 * HOUR_MS, { to: "+16285550911", from });
    const now = at + DAY_MS;
    const of = async (call_id: string) => {
      const { advertiser_id, revenue, payout } = await callNamed(stage.world, call_id, now);
      return [advertiser_id, revenue?.status, payout?.status];
    };
    expect(await of(next)).toEqual([stage.own.advertiser_id, "rejected", "rejected"]);
    const move = { campaign_id: theirs.id, publisher_id, effective_at: at + MINUTE_MS };
    await post(`/numbers/${numbers.data[0]?.id}/move`, move, now);

    // The correction is written, what follows from it is not: whoever comes next finishes it.
    const answer = whileStuck(stage.world, "verdicts", moved, () =>
      replay({ to: at + 2 * HOUR_MS, apply: true }),
    );
    await expect(answer).rejects.toThrow("503");
    await stage.world.json("/__local/scheduled", { method: "POST", now: at + 2 * DAY_MS });
    expect(await of(moved)).toEqual([rightful.id, "qualified", "qualified"]);
    const { id } = await callNamed(stage.world, moved, now);
    const owed = balancesOf(await ledgerOf(stage.world, `call_id=${id}`, at + 3 * DAY_MS));
    expect(owed).toHaveProperty(`receivable ${rightful.id}`, 70_000_000);
    expect(owed).not.toHaveProperty(`receivable ${stage.own.advertiser_id}`);
    expect(await of(next)).toEqual([stage.own.advertiser_id, "qualified", "qualified"]);
    const after = await written();
    expect((await replay({ apply: true })).calls).toEqual([]);
    expect(await written()).toEqual(after);
  });
});
