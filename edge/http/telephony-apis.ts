import { type Context, Hono } from "hono";
import * as v from "valibot";
import { E164Schema, ListOf } from "../../shared/api/common.ts";
import {
  AvailableNumbers,
  ProviderNumber,
  ProviderNumberInput,
  TelephonyApi,
  TelephonyApiPatch,
} from "../../shared/api/telephony-apis.ts";
import type { E164 } from "../../shared/phone-number.ts";
import { ok, type Result } from "../../shared/result.ts";
import { findOrganization } from "../accounts/store.ts";
import { reviewUnconfirmed } from "../calls/questions.ts";
import { apiView, changeApi, findApi } from "../inventory/telephony-apis.ts";
import { accountChanged } from "../journeys/change-plans.ts";
import {
  buyThere,
  configureThere,
  isVouchedFor,
  type NumberThere,
  numbersForSale,
  numbersThere,
  type OpenAccount,
  openAccount,
  releaseThere,
} from "../journeys/provider-numbers.ts";
import type { Change } from "../platform/change.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const saleQuery = v.strictObject({
  country: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 code such as US")),
    "US",
  ),
  area_code: v.optional(v.pipe(v.string(), v.regex(/^\d{2,5}$/, "must be 2 to 5 digits"))),
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^([1-9]|[1-4]\d|50)$/, "must be 1 to 50"), v.transform(Number)),
    "20",
  ),
});
const pageQuery = v.strictObject({ cursor: v.optional(v.pipe(v.string(), v.maxLength(2_000))) });

const open = (c: Context<HttpEnv>, id: string) => openAccount(c.var.services, c.var.viewer.network_id, id);

/** What was done at the provider is done: there is nothing to write but the audit row. */
function doneThere<T>(result: T, account_id: string, e164: string): Change<T> {
  return { result, subject_id: account_id, statements: [], detail: { e164 } };
}

function view({ e164, provider_number_id, voice_url, number_id }: NumberThere): ProviderNumber {
  return { e164, provider_number_id, voice_url, number_id };
}

/** Whose account it becomes: that of another organization of the network; the network itself is written as null. */
async function ownerFault(c: Context<HttpEnv>, organization_id: string | null | undefined) {
  if (organization_id === undefined || organization_id === null) return null;
  const { network_id } = c.var.viewer;
  const row = await findOrganization(groundOf(c).db, network_id, organization_id);
  return row && row.retired_at === null && row.id !== network_id
    ? null
    : absent("advertiser or publisher", "/organization_id");
}

async function changedApi(
  c: Context<HttpEnv>,
  id: string,
  patch: TelephonyApiPatch,
): Promise<Result<Change<TelephonyApi>, Failure>> {
  const { vault, config } = c.var.services;
  const ground = { ...groundOf(c), vault, public_url: config.public_url };
  const seen = await findApi(ground.db, c.var.viewer.network_id, id);
  if (!seen) return absent("telephony account");
  const wrong = await ownerFault(c, patch.organization_id);
  if (wrong) return wrong;
  const change = await changeApi(ground, seen, patch);
  const review = isVouchedFor(apiView(seen), change.result)
    ? [reviewUnconfirmed(ground.db, id, ground.now)]
    : [];
  return ok({ ...change, statements: [...change.statements, ...review] });
}

/** Asks a provider in the account's name, and answers what came of it. */
async function asked<T>(
  c: Context<HttpEnv>,
  id: string,
  work: (account: OpenAccount) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const account = await open(c, id);
  return account.ok ? work(account.value) : account;
}

/** `/telephony-accounts/{id}/api` and its numbers at the provider. */
export const telephonyApis = new Hono<HttpEnv>()
  .get(
    "/:id/api",
    may("telephony_apis.read"),
    described({ summary: "How an account's provider is asked", answers: { 200: TelephonyApi } }),
    async (c) => {
      const seen = await findApi(groundOf(c).db, c.var.viewer.network_id, c.req.param("id"));
      if (!seen) return problem(c, { kind: "not_found", what: "telephony account" });
      return c.json(apiView(seen), 200);
    },
  )
  .patch(
    "/:id/api",
    may("telephony_apis.update"),
    described({
      summary: "Change how an account's provider is asked, whose account it is, and whether its reports pay",
      description:
        "Twilio's and Plivo's auth token opens their API, too. Telnyx needs an `api_token`, SignalWire one and its " +
        "`api_space`. Calls of another organization's account count when the provider's records confirm them, or when " +
        "`reports_pay` says that its word is enough.",
      answers: { 200: TelephonyApi },
    }),
    jsonBody(TelephonyApiPatch),
    (c) => {
      const id = c.req.param("id");
      const { services, viewer } = c.var;
      return commit(
        c,
        200,
        () => changedApi(c, id, c.req.valid("json")),
        () => accountChanged(services, viewer.network_id, id),
      );
    },
  )
  .get(
    "/:id/available-numbers",
    may("provider_numbers.search"),
    described({
      summary: "Numbers for sale at the provider",
      answers: { 200: AvailableNumbers },
      problems: [409],
    }),
    queryOf(saleQuery),
    async (c) => {
      const { country, area_code = null, limit } = c.req.valid("query");
      const found = await asked(c, c.req.param("id"), (account) =>
        numbersForSale(account, { country, area_code, limit }),
      );
      return found.ok ? c.json({ data: found.value }, 200) : problem(c, found.error);
    },
  )
  .get(
    "/:id/provider-numbers",
    may("provider_numbers.list"),
    described({
      summary: "The account's numbers at the provider",
      answers: { 200: ListOf(ProviderNumber) },
      problems: [409],
    }),
    queryOf(pageQuery),
    async (c) => {
      const { cursor = null } = c.req.valid("query");
      const page = await asked(c, c.req.param("id"), (account) =>
        numbersThere(c.var.services, account, cursor),
      );
      if (!page.ok) return problem(c, page.error);
      return c.json({ data: page.value.items.map(view), next_cursor: page.value.next }, 200);
    },
  )
  .post(
    "/:id/provider-numbers",
    may("provider_numbers.buy"),
    described({
      summary: "Buy a number and send its calls here",
      description:
        "Then `POST /numbers` puts it to use. One that the account has already is only configured.",
      answers: { 201: ProviderNumber },
    }),
    jsonBody(ProviderNumberInput),
    (c) => {
      const id = c.req.param("id");
      const e164 = c.req.valid("json").e164 as E164;
      return commit(c, 201, async () => {
        const bought = await asked(c, id, (account) => buyThere(c.var.services, account, e164));
        return bought.ok ? ok(doneThere(view(bought.value), id, e164)) : bought;
      });
    },
  )
  .post(
    "/:id/provider-numbers/configure",
    may("provider_numbers.configure"),
    described({ summary: "Send the calls of a number here", answers: { 200: ProviderNumber } }),
    jsonBody(ProviderNumberInput),
    (c) => {
      const id = c.req.param("id");
      const e164 = c.req.valid("json").e164 as E164;
      return commit(c, 200, async () => {
        const set = await asked(c, id, (account) => configureThere(c.var.services, account, e164));
        return set.ok ? ok(doneThere(view(set.value), id, e164)) : set;
      });
    },
  )
  .delete(
    "/:id/provider-numbers/:e164",
    may("provider_numbers.release"),
    described({
      summary: "Give a number back to the provider",
      description: "Refused while it is in use here.",
      answers: { 204: null },
    }),
    (c) => {
      const id = c.req.param("id");
      const e164 = v.safeParse(E164Schema, c.req.param("e164"));
      return commit(c, 204, async () => {
        if (!e164.success) return absent("number at the provider");
        const number = e164.output as E164;
        const released = await asked(c, id, (account) => releaseThere(c.var.services, account, number));
        return released.ok ? ok(doneThere(null, id, number)) : released;
      });
    },
  );
