import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { AvailableNumbers, ProviderNumber, TelephonyApi } from "../../shared/api/telephony-apis.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";
import { FAKE_ACCOUNT, type Fake, fakeOf } from "../telephony/fakes/providers.ts";

let stage: Stage;
let twilio: Fake;
let telnyx: Fake;
let account_id: string;
const connect = async (provider: string, auth_token: string) => {
  const json = { provider, name: provider, account_sid: FAKE_ACCOUNT.sid, auth_token };
  return (await stage.json<{ id: string }>("admin", "/telephony-accounts", { json })).id;
};
beforeAll(async () => {
  twilio = await fakeOf("twilio");
  telnyx = await fakeOf("telnyx");
  stage = await setStage({ provider_apis: { twilio: twilio.url, telnyx: telnyx.url } });
  account_id = await connect("twilio", FAKE_ACCOUNT.token);
});
afterAll(async () => {
  await stage?.stop();
  await Promise.all([twilio?.close(), telnyx?.close()]);
});
const on = () => stage;
const at = (path: string, id = account_id) => `/telephony-accounts/${id}/${path}`;

/** A number that can be bought, or is the account's already. */
function forSale(): string {
  const e164 = stage.e164();
  twilio.for_sale.push(e164);
  return e164;
}
async function bought(): Promise<string> {
  const e164 = forSale();
  await stage.json("admin", at("provider-numbers"), { json: { e164 } });
  return e164;
}

describe("/telephony-accounts/{id}/api", () => {
  checkRoute(on, {
    operation: "telephony_apis.read",
    method: "GET",
    path: () => at("api"),
    status: 200,
    answers: TelephonyApi,
  });
  checkRoute(on, {
    operation: "telephony_apis.update",
    method: "PATCH",
    path: () => at("api"),
    body: (s) => ({
      api_token: FAKE_ACCOUNT.token,
      api_space: "example.signalwire.com",
      fallback_url: "https://handler.twilio.com/twiml/EH1",
      organization_id: s.own.publisher_id,
      reports_pay: true,
    }),
    references: (s) => ({ organization_id: s.foreign.publisher_id }),
    status: 200,
    answers: TelephonyApi,
  });

  it("never shows a token, and knows what is missing", async () => {
    const id = await connect("telnyx", "YmFzZTY0LXB1YmxpYy1rZXktb2YtMzItYnl0ZXMhISE=");
    const before = await stage.json("admin", at("api", id));
    expect(before).toMatchObject({ has_api_token: false, can_be_asked: false, reports_pay: true });
    const refused = await problemOf(await stage.as("admin", at("provider-numbers", id)), 409);
    expect(refused.detail).toContain("api_token");
    const json = { api_token: FAKE_ACCOUNT.token };
    const after = await stage.json("admin", at("api", id), { method: "PATCH", json });
    expect(after).toMatchObject({ has_api_token: true, can_be_asked: true });
    expect(JSON.stringify(after)).not.toContain(FAKE_ACCOUNT.token);
    const kept = await stage.world.d1
      .prepare(
        "SELECT (SELECT json_group_array(detail) FROM audit_log) || json_group_array(api_token_sealed) AS all_of_it FROM telephony_apis",
      )
      .first<{ all_of_it: string }>();
    expect(kept?.all_of_it).not.toContain(FAKE_ACCOUNT.token);
    expect(await stage.json("admin", at("provider-numbers", id))).toEqual({ data: [], next_cursor: null });
  });

  it("trusts no account that becomes another's, unless told to in the same breath", async () => {
    const id = await connect("twilio", "another-token");
    const patch = (json: unknown) => stage.json("admin", at("api", id), { method: "PATCH", json });
    expect(await patch({ organization_id: stage.own.publisher_id })).toMatchObject({ reports_pay: false });
    expect(await patch({ reports_pay: true })).toMatchObject({
      organization_id: stage.own.publisher_id,
      reports_pay: true,
    });
    expect(await patch({ organization_id: null })).toMatchObject({
      organization_id: null,
      reports_pay: true,
    });
    const both = { organization_id: stage.own.advertiser_id, reports_pay: true };
    expect(await patch(both)).toMatchObject(both);
  });
});

describe("/telephony-accounts/{id}/provider-numbers", () => {
  checkRoute(on, {
    operation: "provider_numbers.search",
    method: "GET",
    path: () => at("available-numbers?area_code=415&limit=5"),
    status: 200,
    answers: AvailableNumbers,
  });
  checkRoute(on, {
    operation: "provider_numbers.list",
    method: "GET",
    path: () => at("provider-numbers"),
    status: 200,
    answers: ListOf(ProviderNumber),
  });
  checkRoute(on, {
    operation: "provider_numbers.buy",
    method: "POST",
    path: () => at("provider-numbers"),
    body: () => ({ e164: forSale() }),
    required: ["e164"],
    status: 201,
    answers: ProviderNumber,
  });
  checkRoute(on, {
    operation: "provider_numbers.configure",
    method: "POST",
    path: () => at("provider-numbers/configure"),
    body: () => ({ e164: [...twilio.owned.keys()][0] ?? "" }),
    required: ["e164"],
    status: 200,
    answers: ProviderNumber,
  });
  checkRoute(on, {
    operation: "provider_numbers.release",
    method: "DELETE",
    path: async () => at(`provider-numbers/${encodeURIComponent(await bought())}`),
    status: 204,
  });

  it("sends a bought number's calls here, with the fallback that lives elsewhere", async () => {
    const fallback_url = "https://handler.twilio.com/twiml/EH2";
    await stage.json("admin", at("api"), { method: "PATCH", json: { fallback_url } });
    const e164 = await bought();
    const base = `${stage.world.url}/v1/telephony/${account_id}`;
    expect(twilio.owned.get(e164)).toMatchObject({
      voice_url: `${base}/voice`,
      status_callback: `${base}/status#rc=5&rp=all`,
      voice_fallback_url: fallback_url,
    });
  });

  it("gives no number back that is in use here", async () => {
    const e164 = await bought();
    const json = { telephony_account_id: account_id, e164: [e164], campaign_id: stage.own.campaign_id };
    const { data } = await stage.json<{ data: { id: string }[] }>("admin", "/numbers", { json });
    const listed = await stage.json<{ data: { e164: string; number_id: string | null }[] }>(
      "admin",
      at("provider-numbers"),
    );
    expect(listed.data.find((number) => number.e164 === e164)?.number_id).toBe(data[0]?.id);
    const path = at(`provider-numbers/${encodeURIComponent(e164)}`);
    const refused = await problemOf(await stage.as("admin", path, { method: "DELETE" }), 409);
    expect(refused.detail).toContain("in use");
    expect(twilio.owned.has(e164)).toBe(true);
    await stage.as("admin", `/numbers/${data[0]?.id}`, { method: "DELETE" });
    expect((await stage.as("admin", path, { method: "DELETE" })).status).toBe(204);
    expect(twilio.owned.has(e164)).toBe(false);
  });

  it("says in plain words what the provider refuses", async () => {
    const buy = () => stage.as("admin", at("provider-numbers"), { json: { e164: stage.e164() } });
    expect((await problemOf(await buy(), 409)).detail).toContain("not for sale");
    twilio.fail([{ status: 429, headers: { "retry-after": "60" } }]);
    const waiting = await buy();
    expect(waiting.headers.get("retry-after")).toBe("60");
    await problemOf(waiting, 429);
    const id = await connect("twilio", "not-the-token");
    const refused = await problemOf(await stage.as("admin", at("provider-numbers", id)), 409);
    expect(refused.detail).toContain("does not accept");
  });
});
