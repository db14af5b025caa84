import { type Context, Hono } from "hono";
import { ListOf } from "../../shared/api/common.ts";
import type { Provider } from "../../shared/api/inventory.ts";
import {
  TelephonyAccount,
  TelephonyAccountInput,
  TelephonyAccountPatch,
} from "../../shared/api/telephony-accounts.ts";
import { ok, type Result } from "../../shared/result.ts";
import { directoryEntry } from "../accounts/store.ts";
import { numbersOfAccount } from "../inventory/in-use.ts";
import {
  type AccountGround,
  accountView,
  changeAccount,
  createAccount,
  findAccount,
  listAccounts,
  retireAccount,
  type SeenAccount,
} from "../inventory/telephony-accounts.ts";
import { accountChanged } from "../journeys/change-plans.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { isTelnyxPublicKey } from "../telephony/telnyx-signature.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { listQuery, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, conflict, fault } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

function accountGround(c: Context<HttpEnv>): AccountGround {
  const { vault, config } = c.var.services;
  return { ...groundOf(c), vault, public_url: config.public_url };
}

async function named(c: Context<HttpEnv>, id: string): Promise<Result<SeenAccount, Failure>> {
  const seen = await findAccount(groundOf(c), c.var.viewer, id);
  return seen ? ok(seen) : absent("telephony account");
}

const changed = (c: Context<HttpEnv>) => (account: { id: string }) =>
  accountChanged(c.var.services, c.var.viewer.network_id, account.id);

type Secrets = { auth_token?: string | undefined; next_auth_token?: string | null | undefined };

/** A secret under which no webhook could ever be let in. Only Telnyx's has a form: it is a public key. */
function secretFault(provider: Provider, secrets: Secrets): ReturnType<typeof fault> | null {
  if (provider !== "telnyx") return null;
  for (const field of ["auth_token", "next_auth_token"] as const) {
    const key = secrets[field];
    if (typeof key === "string" && !isTelnyxPublicKey(key)) {
      return fault(
        `/${field}`,
        "must be the account's public key: the Base64 of 32 bytes, as Telnyx's portal shows it",
      );
    }
  }
  return null;
}

/** `/telephony-accounts`: accounts at phone providers, and where their webhooks go. */
export const telephonyAccounts = new Hono<HttpEnv>()
  .post(
    "/",
    may("telephony_accounts.create"),
    described({ summary: "Connect an account at a phone provider", answers: { 201: TelephonyAccount } }),
    jsonBody(TelephonyAccountInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          if (!__LOCAL__ && input.provider === "sandbox") return fault("/provider", "is for local runs only");
          const unfit = secretFault(input.provider, input);
          if (unfit) return unfit;
          const change = await createAccount(accountGround(c), c.var.viewer, input);
          const { db } = c.var.services.directory;
          const entry = directoryEntry(db, "telephony_account", change.subject_id, c.var.viewer.network_id);
          return ok({ ...change, directory: [entry] });
        },
        changed(c),
      ),
  )
  .get(
    "/",
    may("telephony_accounts.list"),
    described({ summary: "List telephony accounts", answers: { 200: ListOf(TelephonyAccount) } }),
    queryOf(listQuery),
    async (c) => {
      const page = pageAsked(c.req.valid("query"));
      if (!page.ok) return problem(c, page.error);
      const rows = await listAccounts(groundOf(c), c.var.viewer, page.value);
      const view = (seen: SeenAccount) => accountView(c.var.services.config.public_url, seen);
      return c.json(
        toPage(rows, page.value.limit, (row) => [row.account.id], view),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("telephony_accounts.read"),
    described({ summary: "One telephony account", answers: { 200: TelephonyAccount } }),
    async (c) => {
      const seen = await named(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      return c.json(accountView(c.var.services.config.public_url, seen.value), 200);
    },
  )
  .patch(
    "/:id",
    may("telephony_accounts.update"),
    described({
      summary: "Rename a telephony account or rotate its secret",
      description:
        "While `next_auth_token` is set, webhooks signed with either secret are accepted. What a provider signs with: docs/providers.md.",
      answers: { 200: TelephonyAccount },
    }),
    jsonBody(TelephonyAccountPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await named(c, c.req.param("id"));
          if (!seen.ok) return seen;
          if (seen.value.account.retired_at !== null) return conflict("This telephony account is retired.");
          const patch = c.req.valid("json");
          const unfit = secretFault(seen.value.account.provider, patch);
          if (unfit) return unfit;
          return ok(await changeAccount(accountGround(c), seen.value, patch));
        },
        changed(c),
      ),
  )
  .delete(
    "/:id",
    may("telephony_accounts.retire"),
    described({
      summary: "Retire a telephony account",
      description: "Refused while numbers in use belong to it.",
      answers: { 204: null },
    }),
    (c) => {
      const id = c.req.param("id");
      const prepare = async () => {
        const seen = await named(c, id);
        if (!seen.ok) return seen;
        const numbers = await numbersOfAccount(groundOf(c).db, id);
        if (numbers > 0) return conflict(`Retire its numbers first: ${numbers} are in use.`);
        return ok(retireAccount(groundOf(c), seen.value));
      };
      return commit(c, 204, prepare, () => changed(c)({ id }));
    },
  );
