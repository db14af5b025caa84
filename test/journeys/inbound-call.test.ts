import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { regionShare } from "../../edge/attribution/model/background.ts";
import { CALLER, countRows, type Stage, setStage } from "./inbound-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.world.stop());
beforeEach(() => {
  stage.world.at += 60_000;
});

const refusals = async () => {
  const row = await stage.world.d1
    .prepare("SELECT sum(refused) AS n FROM signature_refusals WHERE telephony_account_id = ?")
    .bind(stage.twilio_account_id)
    .first<{ n: number | null }>();
  return row?.n ?? 0;
};

describe("a phone rings", () => {
  it("and is told to dial the campaign's destination", async () => {
    const { world, stock } = stage;
    const twiml = await stage.ring("CAfirst");
    const call = await stage.row("CAfirst");
    const hooks = `${world.url}/v1/telephony/${stage.twilio_account_id}`;
    expect(twiml).toContain(`action="${hooks}/dial/${call?.id}"`);
    expect(twiml).toContain(`statusCallback="${hooks}/status`);
    expect(twiml).toContain(`>${stock.destination_number}</Number>`);
    expect(twiml).not.toContain("callerId");
    expect(call).toMatchObject({
      status: "ringing",
      provider: "twilio",
      started_at: world.at,
      target: stock.destination_number,
      to_e164: stage.static_number,
      campaign_id: stock.campaign_id,
      advertiser_id: stock.advertiser_id,
      label: "Bus stop",
      currency: "USD",
      from_country: "US",
      from_area_code: "415",
      from_region: "US-CA",
      connected_s: null,
      leg_reported_at: null,
    });
    expect((await stage.events("CAfirst")).map((event) => event.kind)).toEqual(["ringing", "instructed"]);
  });

  it("and the caller's number is stored sealed only", async () => {
    await stage.ring("CAsealed");
    const call = await stage.row("CAsealed");
    const events = await stage.events("CAsealed");
    expect(call?.from_sealed).toMatch(/^1\./);
    expect(JSON.stringify([call, events])).not.toContain(CALLER.slice(2));
    const other = await stage.row("CAfirst");
    expect(call?.from_hash).toBe(other?.from_hash);
    expect(call?.from_sealed).not.toBe(other?.from_sealed);
  });

  it("twice for one call: the same answer, one call, one set of events", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => stage.ring("CAtwice")));
    stage.world.at += 5_000;
    const later = await stage.ring("CAtwice");
    expect(new Set([...answers, later]).size).toBe(1);
    expect(await stage.events("CAtwice")).toHaveLength(2);
    expect(await stage.row("CAtwice")).toMatchObject({ started_at: stage.world.at - 5_000 });
  });

  it("from a hidden number: nobody's repeat, and the tracking number is shown to the target", async () => {
    for (const [sid, from] of [
      ["CAhidden1", "+266696687"],
      ["CAhidden2", "anonymous"],
      ["CAhidden3", ""],
    ] as const) {
      expect(await stage.ring(sid, { From: from })).toContain(`callerId="${stage.static_number}"`);
      expect(await stage.row(sid)).toMatchObject({ from_sealed: null, from_hash: null, from_region: null });
    }
  });

  it("on a pool's number: what the pool knows is frozen with the call, in the same write", async () => {
    const { world, stock } = stage;
    const visits = [];
    for (let i = 0; i < 6; i++)
      visits.push(await stage.visit(`https://plumber.example/?utm_source=google&v=${i}`));
    const { lease, number } = visits.at(-1)!;
    world.at += 30_000;
    const account = stock.pool_numbers.includes(number) ? stock.sandbox_account_id : stage.twilio_account_id;
    if (account === stage.twilio_account_id) await stage.ring("CApool", { To: number });
    else await stage.sandbox("voice", { call_id: "CApool", from: CALLER, to: number });

    const call = await stage.row("CApool");
    const frozen = await world.d1
      .prepare("SELECT * FROM candidate_snapshots WHERE call_id = ?")
      .bind(call?.id)
      .first<{ snapshot: string; sessions: string; asked_later: number; taken_at: number }>();
    expect(frozen).toMatchObject({ asked_later: 0, taken_at: world.at });
    const snapshot = JSON.parse(frozen!.snapshot);
    expect(snapshot).toMatchObject({
      at: world.at,
      number_key: call?.number_key,
      caller_region: "US-CA",
      own_pool_publisher_id: stock.publisher_id,
    });
    expect(snapshot.candidates.map((c: { lease_id: string }) => c.lease_id)).toContain(lease);
    expect(snapshot.caller_region_share).toBeGreaterThan(0);
    expect(snapshot.stray_rate).toBeGreaterThan(0);
    const sessions = JSON.parse(frozen!.sessions);
    const [candidate] = snapshot.candidates;
    expect(sessions[candidate.session_id]).toMatchObject({ source: "google", site_id: stock.site_id });
    expect(call?.pool_id).toBe(stock.pool_id);
  });

  it("on a pool's number: a region's share is of the callers who tell theirs", async () => {
    const { world, stock } = stage;
    const call = async (call_id: string, from: string) => {
      world.at += 1_000;
      await stage.sandbox("voice", { call_id, from, to: stock.pool_numbers[0] });
    };
    for (let i = 0; i < 4; i++) await call(`CAhides${i}`, "anonymous");
    const told = await world.d1
      .prepare("SELECT count(*) AS calls FROM calls WHERE pool_id = ? AND from_region = 'US-CA'")
      .bind(stock.pool_id)
      .first<{ calls: number }>();
    await call("CAtells", CALLER);
    const { snapshot } = (await world.d1
      .prepare("SELECT snapshot FROM candidate_snapshots WHERE call_id = ?")
      .bind((await stage.row("CAtells"))?.id)
      .first<{ snapshot: string }>())!;
    const { caller_region_share } = JSON.parse(snapshot);
    expect(caller_region_share).toBeCloseTo(regionShare(told?.calls ?? 0, told?.calls ?? 0), 10);
  });

  it("from a test caller: the call is marked", async () => {
    await stage.world.d1
      .prepare("UPDATE campaigns SET test_callers = ? WHERE id = ?")
      .bind(JSON.stringify([CALLER]), stage.stock.campaign_id)
      .run();
    await stage.ring("CAtest");
    await stage.world.d1.prepare("UPDATE campaigns SET test_callers = '[]'").run();
    // Nobody told the isolate: it remembers for a second.
    stage.world.at += 1_001;
    await stage.ring("CAreal");
    expect(await stage.row("CAtest")).toMatchObject({ is_test: 1 });
    expect(await stage.row("CAreal")).toMatchObject({ is_test: 0 });
  });

  it("while the campaign is paused: a message, and the call is kept", async () => {
    const pause = (paused_at: number | null, resume_at: number | null) =>
      stage.world.d1
        .prepare("UPDATE campaigns SET paused_at = ?, resume_at = ?")
        .bind(paused_at, resume_at)
        .run();
    await pause(stage.world.at - 1, stage.world.at + 1_000);
    const said = await stage.ring("CApaused");
    expect(said).toContain("<Say");
    expect(said).not.toContain("<Dial");
    expect(await stage.row("CApaused")).toMatchObject({
      disposition: "message",
      target: null,
      connected_s: 0,
      campaign_id: stage.stock.campaign_id,
    });
    stage.world.at += 1_000;
    expect(await stage.ring("CAresumed")).toContain("<Dial");
    await pause(null, null);
  });

  it("at a number that is not the account's: refused politely, a call of no campaign", async () => {
    const foreign = stage.stock.pool_numbers[0]!;
    for (const [sid, to] of [
      ["CAforeign", foreign],
      ["CAunknown", "+16285559999"],
      ["CAnonsense", "client:alice"],
    ] as const) {
      const twiml = await stage.ring(sid, { To: to });
      expect(twiml).toMatch(/<Response><Say [^>]*>.*<\/Say><Hangup\/><\/Response>$/);
      expect(await stage.row(sid)).toMatchObject({
        status: "rejected",
        campaign_id: null,
        advertiser_id: null,
        number_key: null,
        target: null,
        to_e164: to,
      });
    }
  });
});

describe("a signature", () => {
  it("that is bad or missing: 403, counted, nothing else is kept", async () => {
    const rows = await countRows(stage.world);
    const counted = await refusals();
    const fields = { CallSid: "CAbad", From: CALLER, To: stage.static_number };
    const answers = [
      await stage.hook("voice", fields, { token: "f".repeat(32) }),
      await stage.hook("voice", fields, { signature: null }),
      await stage.hook("voice", fields, { signature: "" }),
      await stage.hook("status", { ...fields, CallStatus: "completed" }, { token: "f".repeat(32) }),
      await stage.hook("dial/cal_1", { ...fields, DialCallStatus: "busy" }, { signature: null }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      await answer.text();
    }
    expect(await countRows(stage.world)).toEqual(rows);
    expect(await refusals()).toBe(counted + answers.length);
  });

  it("covers the query as it was sent, whatever the URL standard makes of it", async () => {
    for (const query of ["?a=1", "?q=it's", "?q=%27", "?q=a%20b+c", "?q=(1)*!~"]) {
      const sid = `CAquery${query.length}${query.charCodeAt(3)}`;
      expect(await stage.ring(sid, {}, { query })).toContain("<Dial");
    }
  });

  it("counts under the next secret while one is rotated, and no longer under the old one after", async () => {
    const path = `/api/v1/telephony-accounts/${stage.twilio_account_id}`;
    const next = "a".repeat(32);
    const patch = (json: unknown) => stage.world.json(path, { method: "PATCH", json });
    await patch({ next_auth_token: next });
    expect(await stage.ring("CAnext", {}, { token: next })).toContain("<Dial");
    expect(await stage.ring("CAcurrent")).toContain("<Dial");
    await patch({ auth_token: next, next_auth_token: null });
    stage.world.at += 60_000;
    const old = await stage.hook("voice", { CallSid: "CAold", From: CALLER, To: stage.static_number });
    expect(old.status).toBe(403);
    await patch({ auth_token: stage.auth_token });
    stage.world.at += 60_000;
    expect(await stage.ring("CAback")).toContain("<Dial");
  });

  it("of one account opens no other account", async () => {
    const fields = { CallSid: "CAother", From: CALLER, To: stage.static_number };
    const absent = await stage.hook("voice", fields, { account: "tel_00000000000000000000000000" });
    expect(absent.status).toBe(404);
    const sandbox = await stage.hook("voice", fields, { account: stage.stock.sandbox_account_id });
    expect(sandbox.status).toBe(401);
  });
});

describe("the sandbox", () => {
  const call = (call_id: string) => ({ call_id, from: CALLER, to: stage.stock.pool_numbers[0] });

  it("rings with an API key of its network, and answers in JSON", async () => {
    const answer = await stage.sandbox("voice", call("sandbox-1"));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ action: "dial", target: stage.stock.destination_number });
  });

  it("rings with no other key", async () => {
    expect((await stage.sandbox("voice", call("sandbox-2"), { key: null })).status).toBe(401);
    expect((await stage.sandbox("voice", call("sandbox-2"), { key: "rt_wrong_key_of_nobody" })).status).toBe(
      401,
    );
    const key = "rt_test_another_network_0001";
    await stage.world.json("/__local/bootstrap", { json: { api_key: key, name: "Other Network" } });
    expect((await stage.sandbox("voice", call("sandbox-2"), { key })).status).toBe(404);
    const advertiser = await stage.world.json<{ key: string }>("/api/v1/api-keys", {
      json: { name: "side", role: "admin", organization_id: stage.stock.advertiser_id },
    });
    expect((await stage.sandbox("voice", call("sandbox-2"), { key: advertiser.key })).status).toBe(404);
    expect(await stage.row("sandbox-2")).toBeNull();
  });

  it("refuses a number it does not own in its own language", async () => {
    const answer = await stage.sandbox("voice", { ...call("sandbox-3"), to: stage.static_number });
    expect(await answer.json()).toMatchObject({ action: "reject" });
    expect(await stage.row("sandbox-3")).toMatchObject({ status: "rejected", campaign_id: null });
  });
});

describe("a path", () => {
  it("that is no webhook is not found, its body read to the end", async () => {
    for (const path of ["dial", "gather/cal_1", "nothing"]) {
      const answer = await stage.hook(path, { CallSid: "CApath", Digits: "1" });
      expect(answer.status).toBe(404);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      await answer.text();
    }
  });
});

describe("a body", () => {
  it("that is no webhook: a problem, and nothing is stored", async () => {
    const rows = await countRows(stage.world);
    const signed = await stage.hook("voice", { Hello: "world" });
    expect(signed.status).toBe(400);
    const sandbox = await stage.sandbox("voice", ["no", "object"]);
    expect(sandbox.status).toBe(400);
    const large = await stage.hook("voice", { CallSid: "CAlarge", To: "x".repeat(100_000) });
    expect(large.status).toBe(413);
    expect((await large.json()) as object).toMatchObject({ status: 413 });
    expect(await countRows(stage.world)).toEqual(rows);
  });
});
