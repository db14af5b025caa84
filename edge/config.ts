import type {
  D1Database,
  DurableObjectNamespace,
  Fetcher,
  KVNamespace,
  R2Bucket,
  RateLimit,
} from "@cloudflare/workers-types";
import { err, ok, type Result } from "../shared/result.ts";
import { fromBase64Url } from "./platform/crypto.ts";

/** What the platform binds to the Worker (wrangler.toml, docs/deploy.md). Only `worker.ts` and the Pool see it. */
export type Env = {
  DB: D1Database;
  /** Networks with a database of their own: a JSON object from network to binding (platform/databases.ts). */
  NETWORK_DATABASES?: string;
  PLANS: KVNamespace;
  POOL: DurableObjectNamespace;
  /** Where old months are copied to (docs/scale.md). */
  ARCHIVE?: R2Bucket;
  /** How many page views a minute one address may ask a pool with, by the platform's rough count. */
  LEASE_RATE?: RateLimit;
  /** The built dashboard. */
  ASSETS?: Fetcher;
  /** Secret: 32 random bytes, base64url. Everything sealed or signed hangs on it. */
  MASTER_KEY?: string;
  /** Snippets, links and webhook URLs begin with it. */
  PUBLIC_URL?: string;
  /** Secret, optional: by which sites that forward the tag's requests prove whose they are (docs/tag.md). */
  PROXY_TOKEN?: string;
  /** `system` (default) or `header`; the latter is refused outside a local build. */
  CLOCK?: string;
  /** Local only: `demo` or `none`. */
  SEED?: string;
  /** Local only: where providers' APIs are instead, a JSON object from provider to origin. */
  PROVIDER_APIS?: string;
};

export type Config = {
  /** Without a trailing slash. */
  public_url: string;
  master_key: Uint8Array<ArrayBuffer>;
  /** What a request that is forwarded for a visitor carries; null: none is. */
  proxy_token: string | null;
  clock: "system" | "header";
  demo: boolean;
  /** Providers' APIs that are elsewhere in a local run, by provider. */
  provider_apis: ReadonlyMap<string, string>;
};

const PROXY_TOKEN_MIN_LENGTH = 24;

/** Parses the environment once; every fault is named, not only the first. */
export function readConfig(env: Env, local: boolean): Result<Config, string[]> {
  const faults: string[] = [];
  if (!env.DB) faults.push("DB: bind a D1 database");
  if (!env.PLANS) faults.push("PLANS: bind a KV namespace");
  if (!env.POOL) faults.push("POOL: bind the Pool durable object");

  const public_url = (env.PUBLIC_URL ?? "").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/\s?#]+$/.test(public_url)) faults.push("PUBLIC_URL: set the Worker's own origin");

  const master_key = readKey(env.MASTER_KEY ?? "");
  if (!master_key) faults.push("MASTER_KEY: set 32 random bytes as base64url (a secret)");

  const proxy_token = env.PROXY_TOKEN || null;
  if (proxy_token && proxy_token.length < PROXY_TOKEN_MIN_LENGTH) {
    faults.push(`PROXY_TOKEN: is at least ${PROXY_TOKEN_MIN_LENGTH} characters, or not set`);
  }

  const clock = env.CLOCK ?? "system";
  if (clock !== "system" && clock !== "header") faults.push("CLOCK: is system or header");
  if (clock === "header" && !local) faults.push("CLOCK: header is for local runs only");

  const provider_apis = readOrigins(local ? (env.PROVIDER_APIS ?? "{}") : "{}");
  if (!provider_apis) faults.push("PROVIDER_APIS: is a JSON object from providers to origins");

  if (faults.length > 0 || !master_key || !provider_apis) return err(faults);
  return ok({
    public_url,
    master_key,
    proxy_token,
    clock: clock === "header" ? "header" : "system",
    demo: local && env.SEED === "demo",
    provider_apis,
  });
}

function readOrigins(text: string): ReadonlyMap<string, string> | null {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    const origins = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return origins.length === entries.length ? new Map(origins) : null;
  } catch {
    return null;
  }
}

function readKey(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = fromBase64Url(text);
    return bytes.byteLength === 32 ? bytes : null;
  } catch {
    return null;
  }
}
