import { randomBytes } from "node:crypto";
import twilio from "twilio";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { type Ask, startWorld, type World } from "../support/world.ts";

/** A world with a Twilio account beside the sandbox, and phones that ring as Twilio signs. */
export type Stage = {
  world: World;
  stock: Inventory;
  twilio_account_id: string;
  auth_token: string;
  /** A static number of the Twilio account, and one in the pool. */
  static_number: string;
  pool_number: string;
  /** A signed webhook; `token` and `tamper` make it a bad one. */
  hook(path: string, fields: Record<string, string>, options?: HookOptions): Promise<Response>;
  /** A phone rings: the answer's TwiML. */
  ring(call_sid: string, fields?: Record<string, string>, options?: HookOptions): Promise<string>;
  sandbox(path: "voice" | "status", json: unknown, ask?: Ask): Promise<Response>;
  row(provider_call_id: string): Promise<Record<string, unknown> | null>;
  events(
    provider_call_id: string,
  ): Promise<{ seq: number; kind: string; event_key: string; event: string }[]>;
  /** A visitor looks at the page: the number shown, and the lease. */
  visit(url: string): Promise<{ number: string; lease: string }>;
};

export type HookOptions = {
  token?: string;
  account?: string;
  query?: string;
  now?: number;
  signature?: string | null;
};

export const CALLER = "+14155550177";

export async function setStage(
  options: {
    data_dir?: string;
    key?: string;
    provider_apis?: Record<string, string>;
    twilio?: { account_sid: string; auth_token: string };
  } = {},
): Promise<Stage> {
  const world = await startWorld(options);
  const stock = await stockUp(world);
  const { account_sid = "AC1", auth_token = randomBytes(16).toString("hex") } = options.twilio ?? {};
  const post = <T = { id: string }>(path: string, json: unknown) => world.json<T>(`/api/v1${path}`, { json });
  const account = await post("/telephony-accounts", {
    provider: "twilio",
    name: "Twilio",
    account_sid,
    auth_token,
  });
  const static_number = "+16285550900";
  const pool_number = "+16285550901";
  const of = { telephony_account_id: account.id };
  await post("/numbers", { ...of, e164: [static_number], campaign_id: stock.campaign_id, label: "Bus stop" });
  await post("/numbers", { ...of, e164: [pool_number], pool_id: stock.pool_id });

  const stage: Stage = {
    world,
    stock,
    twilio_account_id: account.id,
    auth_token,
    static_number,
    pool_number,
    hook(path, fields, { token = auth_token, account: to = account.id, query = "", now, signature } = {}) {
      const target = `/v1/telephony/${to}/${path}${query}`;
      const signed = twilio.getExpectedTwilioSignature(token, stage.world.url + target, fields);
      const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
      const header = signature === undefined ? signed : signature;
      if (header !== null) headers["x-twilio-signature"] = header;
      const body = new URLSearchParams(fields).toString();
      return stage.world.ask(target, {
        method: "POST",
        key: null,
        headers,
        body,
        ...(now === undefined ? {} : { now }),
      });
    },
    async ring(call_sid, fields = {}, hookOptions = {}) {
      const all = { CallSid: call_sid, From: CALLER, To: static_number, CallStatus: "ringing", ...fields };
      const response = await stage.hook("voice", all, hookOptions);
      const text = await response.text();
      if (!response.ok) throw new Error(`the ring was answered ${response.status}: ${text}`);
      return text;
    },
    sandbox: (path, json, ask = {}) =>
      stage.world.ask(`/v1/telephony/${stock.sandbox_account_id}/${path}`, { json, ...ask }),
    async row(provider_call_id) {
      return stage.world.d1
        .prepare("SELECT * FROM calls WHERE provider_call_id = ?")
        .bind(provider_call_id)
        .first<Record<string, unknown>>();
    },
    async events(provider_call_id) {
      const found = await stage.world.d1
        .prepare(
          "SELECT e.seq, e.kind, e.event_key, e.event FROM call_events e JOIN calls c ON c.id = e.call_id " +
            "WHERE c.provider_call_id = ? ORDER BY e.seq",
        )
        .bind(provider_call_id)
        .all<{ seq: number; kind: string; event_key: string; event: string }>();
      return found.results;
    },
    async visit(url) {
      const answer = await stage.world.json<{ lease: string; swaps: { replace: string }[] }>("/v1/leases", {
        as_text: JSON.stringify({
          site: stock.site_key,
          url,
          referrer: "",
          visitor: randomBytes(8).toString("hex"),
        }),
        key: null,
        headers: {
          origin: PAGE_ORIGIN,
          "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36",
        },
      });
      return { number: answer.swaps[0]!.replace, lease: answer.lease };
    },
  };
  return stage;
}

/** Everything the database holds of calls, counted. */
export async function countRows(world: World): Promise<Record<string, number>> {
  const tables = ["calls", "call_events", "candidate_snapshots"];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const row = await world.d1.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>();
      return [table, row?.n ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** The keys of a prefix in the namespace of the plans. */
export async function keysOf(world: World, prefix: string): Promise<string[]> {
  const kv = await world.miniflare.getKVNamespace("PLANS");
  const { keys } = await kv.list({ prefix });
  return keys.map((key: { name: string }) => key.name);
}
