import { join } from "node:path";
import { err, ok, type Result } from "../shared/result.ts";
import { ROOT } from "./paths.ts";
import type { ServeOptions } from "./serve.ts";

/** What a person may set for `npm start`; the README's table of commands says so. */
export type Settings = Pick<
  ServeOptions,
  "port" | "data_dir" | "seed" | "clock" | "public_url" | "verbose"
> & {
  /** With `SEED=none`: the admin key of the network that is made first. */
  bootstrap_api_key: string | null;
};

/** The Worker takes no shorter one. */
const API_KEY_LENGTH_MIN = 16;

/** Reads the environment of `npm start`; every setting that cannot be used is named, not only the first. */
export function readSettings(env: Record<string, string | undefined>): Result<Settings, string[]> {
  const faults: string[] = [];
  const port = Number(env.PORT ?? "8787");
  const seed = oneOf("SEED", ["demo", "none"] as const, env.SEED, faults);
  const clock = oneOf("CLOCK", ["system", "header"] as const, env.CLOCK, faults);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    faults.push(`PORT is a port number, not ${env.PORT}`);
  const public_url = env.PUBLIC_URL ? { public_url: env.PUBLIC_URL } : {};
  if (env.PUBLIC_URL && !/^https?:\/\/[^/\s?#]+\/*$/.test(env.PUBLIC_URL)) {
    faults.push(`PUBLIC_URL is an origin like https://calls.example, not ${env.PUBLIC_URL}`);
  }
  const bootstrap_api_key = env.BOOTSTRAP_API_KEY || null;
  if (bootstrap_api_key && bootstrap_api_key.length < API_KEY_LENGTH_MIN) {
    faults.push(`BOOTSTRAP_API_KEY has at least ${API_KEY_LENGTH_MIN} characters`);
  }
  if (faults.length > 0) return err(faults);
  const data_dir = env.DATA_DIR || join(ROOT, ".ringtrail");
  return ok({ port, data_dir, seed, clock, ...public_url, verbose: env.VERBOSE === "1", bootstrap_api_key });
}

/** The setting's value, the first of `values` when it is not set. */
function oneOf<const T extends string>(
  name: string,
  values: readonly [T, ...T[]],
  value: string | undefined,
  faults: string[],
): T {
  const found = values.find((one) => one === (value ?? values[0]));
  if (found === undefined) faults.push(`${name} is ${values.join(" or ")}, not ${value}`);
  return found ?? values[0];
}
