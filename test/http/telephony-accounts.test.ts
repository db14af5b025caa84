import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { TelephonyAccount } from "../../shared/api/telephony-accounts.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const account = (id = "") => `/telephony-accounts${id && `/${id}`}`;
const freshAccount = async (s: Stage) => {
  const json = { provider: "twilio", name: "Main", account_sid: "AC1", auth_token: "0123456789abcdef" };
  return account((await s.json<{ id: string }>("admin", account(), { json })).id);
};
describe("/telephony-accounts", () => {
  checkRoute(on, {
    operation: "telephony_accounts.create",
    method: "POST",
    path: () => account(),
    body: () => ({
      provider: "twilio",
      name: "Main",
      account_sid: "AC00000000000000000000000000000000",
      auth_token: "0123456789abcdef0123456789abcdef",
      next_auth_token: "fedcba9876543210fedcba9876543210",
    }),
    required: ["provider", "name", "account_sid", "auth_token"],
    status: 201,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.list",
    method: "GET",
    path: () => account(),
    status: 200,
    answers: ListOf(TelephonyAccount),
  });
  checkRoute(on, {
    operation: "telephony_accounts.read",
    method: "GET",
    path: (s) => account(s.own.sandbox_account_id),
    status: 200,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.update",
    method: "PATCH",
    path: (s) => account(s.own.sandbox_account_id),
    body: () => ({ name: "Sandbox", auth_token: "another-secret", next_auth_token: null }),
    status: 200,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.retire",
    method: "DELETE",
    path: freshAccount,
    status: 204,
  });

  it("says where webhooks go, and never a secret", async () => {
    const auth_token = "s3cret-s3cret-s3cret";
    const json = { provider: "twilio", name: "Main", account_sid: "AC1", auth_token };
    const made = await stage.json<TelephonyAccount>("admin", account(), { json });
    const base = `${stage.world.url}/v1/telephony/${made.id}`;
    expect(made.webhook_urls).toEqual({
      voice: `${base}/voice`,
      status: `${base}/status`,
      recording: `${base}/recording`,
    });
    const { results } = await stage.world.d1
      .prepare(
        "SELECT * FROM telephony_accounts, audit_log WHERE telephony_accounts.id = ?1 AND subject_id = ?1",
      )
      .bind(made.id)
      .all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify([made, results])).not.toContain(auth_token);
  });

  it("rotates a secret without showing either", async () => {
    const path = await freshAccount(stage);
    const patch = (json: unknown) => stage.json<TelephonyAccount>("admin", path, { method: "PATCH", json });
    expect((await patch({ next_auth_token: "the-next-one" })).has_next_auth_token).toBe(true);
    expect((await patch({ auth_token: "the-next-one", next_auth_token: null })).has_next_auth_token).toBe(
      false,
    );
  });

  it("is not retired while its numbers are in use", async () => {
    const response = await stage.as("admin", account(stage.own.sandbox_account_id), { method: "DELETE" });
    expect((await problemOf(response, 409)).detail).toMatch(/numbers/);
  });
});
