import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiOf } from "../../edge/telephony/rest/apis.ts";
import type { ApiFailure, NumberHooks, Page, ProviderApi } from "../../edge/telephony/rest/port.ts";
import { assert } from "../../shared/assert.ts";
import type { E164 } from "../../shared/phone-number.ts";
import type { Result } from "../../shared/result.ts";
import { NOON } from "../support/world.ts";
import {
  API_PROVIDERS,
  beginCall,
  FAKE_ACCOUNT,
  type Fake,
  fakeOf,
  recordCall,
  surroundings,
} from "./fakes/providers.ts";

const HOOKS: NumberHooks = {
  voice_url: "https://calls.example/v1/telephony/tel_01/voice",
  status_url: "https://calls.example/v1/telephony/tel_01/status",
  fallback_url: "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef",
};
const NUMBER = "+14155550101";
const PURCHASE = /^POST .*(IncomingPhoneNumbers\.json|number_orders|\/PhoneNumber\/\d+\/)$/;

function value<T>(result: Result<T, ApiFailure>): T {
  if (!result.ok) throw new Error(`the API answered ${JSON.stringify(result.error)}`);
  return result.value;
}

async function allPages<T>(
  turn: (cursor: string | null) => Promise<Result<Page<T>, ApiFailure>>,
): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
    const page: Page<T> = value(await turn(cursor));
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

describe.each(API_PROVIDERS)("the API of %s", (provider) => {
  let fake: Fake;
  let slept: number[];
  const open = (token = FAKE_ACCOUNT.token): ProviderApi => {
    const account = { provider, account_sid: FAKE_ACCOUNT.sid, api_token: token, api_base: fake.url };
    const api = apiOf(account, surroundings(slept));
    assert(api, "every provider has an API");
    return api;
  };
  beforeEach(async () => {
    fake = await fakeOf(provider);
    slept = [];
  });
  afterEach(() => fake.close());

  it("finds numbers for sale by area code, buys one, sends its calls to us, gives it back", async () => {
    fake.for_sale.push(NUMBER, "+14155550102", "+16285550103");
    const api = open();
    const found = value(await api.searchNumbers({ country: "US", area_code: "415", limit: 10 }));
    expect(found.map((number) => number.e164)).toEqual([NUMBER, "+14155550102"]);
    expect(value(await api.searchNumbers({ country: "US", area_code: null, limit: 1 }))).toHaveLength(1);

    const bought = value(await api.buyNumber(NUMBER, HOOKS));
    expect(bought).toMatchObject({ e164: NUMBER, voice_url: HOOKS.voice_url });
    expect(settingsOf(fake, NUMBER)).toEqual(HOOKS);
    expect(value(await api.findNumber(NUMBER))?.provider_number_id).toBe(bought.provider_number_id);
    expect(value(await api.findNumber("+14155550102"))).toBeNull();

    value(await api.configureNumber(bought, { ...HOOKS, fallback_url: null }));
    expect(settingsOf(fake, NUMBER)).toEqual({ ...HOOKS, fallback_url: null });
    value(await api.releaseNumber(bought));
    expect(fake.owned.size).toBe(0);
    value(await api.releaseNumber(bought));
  });

  it("lists every number, page by page", async () => {
    for (let i = 0; i < 45; i++) fake.for_sale.push(`+1628555${String(i).padStart(4, "0")}`);
    const api = open();
    const wanted = fake.for_sale.slice();
    for (const number of wanted.slice(0, 3)) value(await api.buyNumber(number as `+${string}`, HOOKS));
    const template = [...fake.owned.values()].map((number) => ({ ...number }));
    expect(template).toHaveLength(3);
    // The rest is bought behind our back.
    for (const number of wanted.slice(3)) {
      fake.owned.set(number, renamed(template[0] ?? {}, wanted[0] ?? "", number));
    }
    const listed = await allPages((cursor) => api.listNumbers(cursor));
    expect(listed.map((number) => number.e164).sort()).toEqual(wanted);
  });

  it("buys once when the answer to a purchase is lost, and configures what it has bought", async () => {
    fake.for_sale.push(NUMBER);
    const api = open();
    fake.fail(["lose_answer"], PURCHASE);
    const bought = value(await api.buyNumber(NUMBER, HOOKS));
    expect(bought.e164).toBe(NUMBER);
    expect(fake.asked.filter((line) => PURCHASE.test(line))).toHaveLength(1);
    expect(settingsOf(fake, NUMBER)).toEqual(HOOKS);
    // Bought again it is only looked for.
    expect(value(await api.buyNumber(NUMBER, HOOKS)).provider_number_id).toBe(bought.provider_number_id);
  });

  it("says that a number is gone, and which token is wrong", async () => {
    const gone = await open().buyNumber("+14155550111", HOOKS);
    expect(gone.ok).toBe(false);
    expect(!gone.ok && ["not_available", "refused"].includes(gone.error.kind)).toBe(true);
    const stranger = open("not-the-token");
    expect(await stranger.listNumbers(null)).toEqual({ ok: false, error: { kind: "unauthorized" } });
    expect(await stranger.readCall("CA1")).toEqual({ ok: false, error: { kind: "unauthorized" } });
  });

  it("waits as long as it is asked to, and asks a shaken API again", async () => {
    const api = open();
    fake.fail([{ status: 429, headers: { "retry-after": "2" } }, { status: 503 }, "hang_up"]);
    expect(value(await api.listNumbers(null)).items).toEqual([]);
    expect(fake.asked).toHaveLength(4);
    const waits = slept.filter((ms) => ms > 50);
    expect(waits[0]).toBeGreaterThanOrEqual(2_000);

    fake.fail([{ status: 429, headers: { "retry-after": "120" } }]);
    const refused = await api.listNumbers(null);
    expect(refused).toEqual({ ok: false, error: { kind: "rate_limited", retry_after_s: 120 } });
    expect(fake.asked).toHaveLength(5);

    fake.fail([{ status: 500 }, { status: 502 }, { status: 503 }, { status: 504 }]);
    expect(await api.listNumbers(null)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(fake.asked).toHaveLength(9);
  });

  it("sends the token nowhere else, whatever cursor comes back", async () => {
    const api = open();
    const elsewhere = await fakeOf(provider);
    const host = new URL(elsewhere.url).host;
    for (const cursor of [
      `@${host}/x`,
      `//${host}/`,
      `.${host}`,
      `${elsewhere.url}/`,
      "../../../",
      "-1",
      "1e9",
      "",
    ]) {
      await api.listNumbers(cursor);
    }
    expect(elsewhere.asked).toEqual([]);
    expect(
      fake.asked.every((line) => /^GET \S*(IncomingPhoneNumbers\.json|phone_numbers|Number\/)$/.test(line)),
    ).toBe(true);
    await elsewhere.close();
  });

  it("reads a call back with its legs, also one that nobody answered", async () => {
    const api = open();
    recordCall(fake, {
      id: "CAread",
      to: NUMBER,
      started_at: NOON,
      length_s: 100,
      legs: [
        { id: "CAbusy", to: "+14155550198", connected_s: null, unanswered: "busy" },
        { id: "CAleg", to: "+14155550199", connected_s: 92 },
      ],
    });
    const call = value(await api.readCall("CAread"));
    expect(call).toMatchObject({
      provider_call_id: "CAread",
      from: "+14155550177",
      to: NUMBER,
      status: "completed",
      started_at: NOON,
      ended_at: NOON + 100_000,
      duration_s: 100,
    });
    const legs = [...(call?.legs ?? [])].sort((a, b) => (a.leg_id < b.leg_id ? -1 : 1));
    expect(legs).toEqual([
      { leg_id: "CAbusy", target: "+14155550198", status: "busy", connected_s: 0, ended_at: NOON + 100_000 },
      {
        leg_id: "CAleg",
        target: "+14155550199",
        status: "completed",
        connected_s: 92,
        ended_at: NOON + 100_000,
      },
    ]);
    expect(value(await api.readCall("CAnever"))).toBeNull();
  });

  it("records a call that goes on, once, and tells where its end is to be reported", async () => {
    const api = open();
    beginCall(fake, { id: "CAup", to: NUMBER, started_at: NOON });
    const callback = "https://calls.example/v1/telephony/tel_01/recording";
    value(await api.startRecording("CAup", callback));
    expect(fake.recordings).toMatchObject([{ call_id: "CAup" }]);
    expect(fake.recordings[0]?.callback.replace(/#.*/, "")).toBe(callback);
    expect((await api.startRecording("CAnever", callback)).ok).toBe(false);
    // Whether a lost answer's recording began is not known: a second one would be one too many.
    fake.fail(["lose_answer"], /Record/);
    expect(await api.startRecording("CAup", callback)).toMatchObject({ error: { kind: "unreachable" } });
    expect(fake.recordings).toHaveLength(2);
  });

  it("looks up what kind of line a number is, where it can, and asks once", async () => {
    const { lookUpType } = open();
    if (provider === "signalwire" || provider === "plivo") return expect(lookUpType).toBeNull();
    assert(lookUpType, "Twilio and Telnyx look up");
    const words =
      provider === "twilio" ? ["mobile", "landline", "nonFixedVoip"] : ["mobile", "fixed line", "voip"];
    for (const [i, word] of words.entries()) {
      fake.kinds.set(`+1415555010${i}`, word);
      expect(value(await lookUpType(`+1415555010${i}` as E164))).toBe(["mobile", "landline", "voip"][i]);
    }
    expect(value(await lookUpType("+14155550109" as E164))).toBeNull();
    // It costs a fee each time.
    fake.fail(["lose_answer"], /PhoneNumbers|number_lookup/);
    expect((await lookUpType("+14155550108" as E164)).ok).toBe(false);
    expect(fake.looked_up).toHaveLength(5);
  });

  it("deletes a recording, and takes one that is gone for deleted", async () => {
    const api = open();
    for (const _ of ["first", "again"]) value(await api.eraseRecording("RE1"));
    expect(fake.erased).toEqual(["RE1"]);
    expect((await open("wrong").eraseRecording("RE2")).ok).toBe(false);
  });

  it("lists callers' calls of a period, without their legs, over as many pages as there are", async () => {
    const api = open();
    const ids = Array.from({ length: 47 }, (_, i) => `CAlist${i}`);
    ids.forEach((id, i) => {
      const started_at = NOON + i * 60_000;
      const from = `+1415555${String(1_000 + i)}`;
      const legs = [{ id: `${id}leg`, to: "+14155550199", connected_s: 20 }];
      recordCall(fake, { id, from, to: NUMBER, started_at, length_s: 30, legs });
    });
    const period = { since: NOON + 5 * 60_000, until: NOON + 45 * 60_000 };
    const listed = await allPages((cursor) => api.listCalls(period, cursor));
    expect(listed.map((call) => call.provider_call_id).sort()).toEqual(ids.slice(5, 45).sort());
  });
});

/** What the provider would do with the number's calls now. */
function settingsOf(fake: Fake, e164: string): NumberHooks {
  const owned = fake.owned.get(e164) ?? {};
  const applications = (fake as Fake & { applications?: Map<string, Record<string, string>> }).applications;
  const by = applications?.get(owned.connection_id ?? owned.app_id ?? "") ?? owned;
  return {
    voice_url: by.voice_url ?? by.answer_url ?? "",
    // What stands behind the # is for Twilio alone: how often it tries.
    status_url: (by.status_callback ?? by.hangup_url ?? "").replace(/#rc=5&rp=all$/, ""),
    fallback_url: (by.voice_fallback_url ?? by.fallback_answer_url) || null,
  };
}

function renamed(number: Record<string, string>, from: string, to: string): Record<string, string> {
  const entries = Object.entries(number).map(([name, text]) => {
    if (name === "sid" || name === "id") return [name, `PN${to.slice(1).padStart(32, "0")}`];
    return [name, text.replaceAll(from.slice(1), to.slice(1))];
  });
  return Object.fromEntries(entries);
}
