import { describe, expect, it } from "vitest";
import { apiStanding } from "../../dashboard/pages/settings/provider-api.tsx";
import { standing } from "../../dashboard/pages/settings/telephony-section.tsx";
import type { TelephonyApi } from "../../shared/api/telephony-apis.ts";

const ZONE = "America/Los_Angeles";
const NOW = Date.parse("2026-11-20T14:32:05-08:00");
/** No-break spaces read as spaces here. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

it("an account says what was refused, and that a rotation is under way", () => {
  expect(standing({ refused_today: 0, has_next_auth_token: false })).toBe("No webhook was refused today.");
  expect(plain(standing({ refused_today: 1, has_next_auth_token: true }))).toMatch(
    /^1 webhook was refused today: badly signed.*both accepted\.$/,
  );
});

describe("an account says how its provider is asked", () => {
  const API: TelephonyApi = {
    telephony_account_id: "tel_1",
    organization_id: null,
    reports_pay: true,
    has_api_token: true,
    api_space: null,
    fallback_url: null,
    can_be_asked: true,
    sweep: null,
  };
  const SWEEP = { swept_at: NOW, read_through_at: NOW, failures: 0, failure: null, imported: 0 };
  const said = (api: Partial<TelephonyApi>) => plain(apiStanding({ ...API, ...api }, ZONE));
  const swept = (sweep: Partial<NonNullable<TelephonyApi["sweep"]>>) =>
    said({ sweep: { ...SWEEP, ...sweep } });

  it("what is missing, whatever was read before", () => {
    const lacking = { can_be_asked: false, sweep: SWEEP };
    expect(said({ ...lacking, has_api_token: false })).toBe(
      "The provider cannot be asked without an API token: lost calls are not read back, and numbers not bought here.",
    );
    expect(said(lacking)).toMatch(/^The provider cannot be asked without the space: /);
  });

  it("that nothing has been read yet", () => {
    const never = "The provider's records have not been read yet.";
    expect(said({ sweep: null })).toBe(never);
    expect(swept({ swept_at: null })).toBe(never);
  });

  it("why it failed, and how often", () => {
    expect(swept({ failures: 1, failure: "401 Unauthorized", imported: 2 })).toBe(
      "The provider's records could not be read at 14:32:05, 1 time in a row: 401 Unauthorized.",
    );
    expect(swept({ failures: 3, failure: "timeout" })).toMatch(/ at 14:32:05, 3 times in a row: timeout\.$/);
  });

  it("how many lost calls were found", () => {
    const found = (calls: string) =>
      `The provider's records were read at 14:32:05: ${calls} that no webhook had told of so far.`;
    expect(swept({ imported: 0 })).toBe(found("no call"));
    expect(swept({ imported: 1 })).toBe(found("1 call"));
    expect(swept({ imported: 12 })).toBe(found("12 calls"));
  });
});
