import { describe, expect, it } from "vitest";
import {
  moveBack,
  placeOf,
  readNumberMove,
  readNumberPatch,
  readNumbersInput,
} from "../../dashboard/pages/numbers/drafts.ts";
import { readPoolInput, readPoolPatch, timesOf } from "../../dashboard/pages/pool/drafts.ts";
import {
  readApiKeyInput,
  readNetworkPatch,
  readOnlySecret,
  readTelephonyApi,
} from "../../dashboard/pages/settings/drafts.ts";
import { readSiteInput } from "../../dashboard/pages/site/drafts.ts";
import { placeFaults, Reading } from "../../dashboard/parts/form/reading.ts";
import { ApiKeyInput } from "../../shared/api/api-keys.ts";
import {
  NumberMove,
  NumberPatch,
  NumbersInput,
  PoolInput,
  PoolPatch,
  SiteInput,
  type TrackingNumber,
} from "../../shared/api/inventory.ts";
import { NetworkPatch } from "../../shared/api/organizations.ts";
import { TelephonyAccountPatch } from "../../shared/api/telephony-accounts.ts";
import { TelephonyApiPatch } from "../../shared/api/telephony-apis.ts";
import { sent, wrongFields } from "../support/drafts.ts";

/** What a form makes of its fields is what the API takes: every draft below goes through the API's own schema. */

const ULID = "01M5F4J6RVJ8PVXDPPP2JFEK27";
const [ORG, POOL, CAMPAIGN, ACCOUNT] = [`org_${ULID}`, `pol_${ULID}`, `cmp_${ULID}`, `tel_${ULID}`];
const ZONE = "America/Los_Angeles";

const NUMBER: TrackingNumber = {
  id: `num_${ULID}`,
  e164: "+16285550101",
  campaign_id: CAMPAIGN,
  pool_id: null,
  publisher_id: ORG,
  honeypot: false,
  label: "Radio",
  paused_at: null,
  pause_reason: null,
  resume_at: null,
  created_at: 0,
  retired_at: null,
};

describe("numbers, pools and sites", () => {
  it("go into a pool without saying whose, or to a campaign", () => {
    const values = {
      telephony_account_id: ACCOUNT,
      e164: "+16285550101",
      label: "",
      sub1: "am",
      publisher_id: ORG,
    };
    expect(sent(NumbersInput, readNumbersInput({ ...values, pool_id: POOL }))).toEqual({
      telephony_account_id: ACCOUNT,
      e164: ["+16285550101"],
      pool_id: POOL,
      sub1: "am",
    });
    expect(
      sent(NumbersInput, readNumbersInput({ ...values, pool_id: "static", campaign_id: CAMPAIGN })),
    ).toMatchObject({ campaign_id: CAMPAIGN, publisher_id: ORG });
  });

  it("lose a word when its field is emptied, and keep those that the form did not show", () => {
    expect(sent(NumberPatch, readNumberPatch({ label: " ", sub2: "x" }))).toEqual({ label: null, sub2: "x" });
  });

  it("move somewhere else only, and back to where they were", () => {
    const stay = { pool_id: "static", campaign_id: CAMPAIGN, publisher_id: ORG };
    expect(wrongFields(readNumberMove(stay, NUMBER))).toEqual(["/pool_id"]);
    expect(sent(NumberMove, readNumberMove({ pool_id: POOL }, NUMBER))).toEqual({ pool_id: POOL });
    expect(sent(NumberMove, { ok: true, value: moveBack(NUMBER) })).toEqual({
      campaign_id: CAMPAIGN,
      publisher_id: ORG,
    });
    expect(moveBack({ ...NUMBER, campaign_id: null })).toBeNull();
  });

  it("are made honeypots of a campaign, which prove nobody, and stop being some", () => {
    const chosen = { pool_id: "honeypot", campaign_id: CAMPAIGN, publisher_id: ORG };
    const honeypot = { ...NUMBER, publisher_id: null, honeypot: true };
    expect(placeOf(honeypot)).toBe("honeypot");
    expect(sent(NumberMove, readNumberMove(chosen, NUMBER))).toEqual({
      campaign_id: CAMPAIGN,
      honeypot: true,
    });
    expect(wrongFields(readNumberMove(chosen, honeypot))).toEqual(["/pool_id"]);
    expect(wrongFields(readNumberMove({ pool_id: "honeypot" }, NUMBER))).toEqual(["/campaign_id"]);
    const back = { pool_id: "static", campaign_id: CAMPAIGN };
    expect(sent(NumberMove, readNumberMove(back, honeypot))).toEqual({ campaign_id: CAMPAIGN });
    expect(sent(NumberMove, { ok: true, value: moveBack(honeypot) })).toEqual({
      campaign_id: CAMPAIGN,
      honeypot: true,
    });
  });

  it("a pool's times are what its fields begin with", () => {
    const times = timesOf({ lease_ttl_s: 5400, cooldown_s: 100, late_window_s: 86_400 });
    expect(times).toEqual({ lease_ttl_s: "90 min", cooldown_s: "100 s", late_window_s: "1 day" });
    expect(sent(PoolPatch, readPoolPatch({ name: "Bay", ...times }))).toMatchObject({
      lease_ttl_s: 5400,
      cooldown_s: 100,
      late_window_s: 86_400,
    });
    expect(
      sent(
        PoolInput,
        readPoolInput({ name: "Bay", campaign_id: CAMPAIGN, publisher_id: "", ...timesOf(null) }),
      ),
    ).not.toHaveProperty("publisher_id");
  });

  it("a site takes addresses and numbers as they are pasted", () => {
    const values = {
      campaign_id: CAMPAIGN,
      pool_id: POOL,
      origins: "www.example.com/plumbing",
      swap_numbers: "(none)",
      gpc: "static",
    };
    expect(wrongFields(readSiteInput(values))).toEqual(["/swap_numbers"]);
    expect(sent(SiteInput, readSiteInput({ ...values, swap_numbers: "+1 415 555 0132" }))).toMatchObject({
      origins: ["https://www.example.com"],
      swap_numbers: ["+14155550132"],
      gpc: "static",
    });
  });
});

describe("settings", () => {
  it("an unchecked box is a no", () => {
    expect(sent(NetworkPatch, readNetworkPatch({ name: "N", timezone: ZONE, shows_callers: "on" }))).toEqual({
      name: "N",
      timezone: ZONE,
      shows_callers: true,
      shows_publishers: false,
    });
  });

  it("a key is the own organization's unless another is named", () => {
    const key = sent(ApiKeyInput, readApiKeyInput({ name: "Export", role: "analyst", organization_id: "" }));
    expect(key).toEqual({ name: "Export", role: "analyst" });
  });

  it("a rotation ends with the new secret alone", () => {
    expect(sent(TelephonyAccountPatch, readOnlySecret({ auth_token: "new" }))).toEqual({
      auth_token: "new",
      next_auth_token: null,
    });
  });
});

describe("the server's faults", () => {
  const names = ["e164", "payout/hold_s", "payout"];

  it("stand under the field of their pointer, or the nearest above it", () => {
    const { byField, left } = placeFaults(
      [
        { pointer: "/e164/3", detail: "must be an E.164 number" },
        { pointer: "/payout/hold_s", detail: "must be at least 0" },
        { pointer: "/payout/daily_cap", detail: "must be at least 1" },
        { pointer: "/elsewhere", detail: "is not a field of this resource" },
        { pointer: "", detail: "give either pool_id or campaign_id" },
      ],
      names,
    );
    expect(Object.fromEntries(byField)).toEqual({
      e164: "Entry 4 must be an E.164 number.",
      "payout/hold_s": "Must be at least 0.",
      payout: "Must be at least 1.",
    });
    expect(left).toEqual([
      "elsewhere: is not a field of this resource",
      "give either pool_id or campaign_id",
    ]);
  });

  it("a choice that is none of them is the first", () => {
    expect(new Reading({ status: "nonsense" }).choice("status", ["approved", "ended"])).toBe("approved");
  });

  it("keep an API token that is not typed again, and take an emptied address away", () => {
    const values = { fallback_url: "", organization_id: "", api_token: "" };
    const kept = { fallback_url: null, organization_id: null, reports_pay: false };
    expect(sent(TelephonyApiPatch, readTelephonyApi(values))).toEqual(kept);
    const typed = {
      ...values,
      api_token: " secret ",
      api_space: "example.signalwire.com",
      reports_pay: "on",
    };
    expect(sent(TelephonyApiPatch, readTelephonyApi(typed))).toEqual({
      ...kept,
      api_token: "secret",
      api_space: "example.signalwire.com",
      reports_pay: true,
    });
  });
});
