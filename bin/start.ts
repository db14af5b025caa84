import { join } from "node:path";
import { buildLocal } from "./build.ts";
import { ROOT } from "./paths.ts";
import { type Served, serve } from "./serve.ts";

const env = process.env;
const seed = env.SEED ?? "demo";
const clock = env.CLOCK ?? "system";
const port = Number(env.PORT ?? "8787");
if (seed !== "demo" && seed !== "none") fail(`SEED is demo or none, not ${seed}`);
if (clock !== "system" && clock !== "header") fail(`CLOCK is system or header, not ${clock}`);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`PORT is a port number, not ${env.PORT}`);

let served: Served | null = null;
let ending = false;
// Ctrl-C may arrive twice, from the terminal and passed on by npm: the first one ends us cleanly.
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await served?.close();
  process.exit(0);
}
function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // Miniflare listens too, and would leave with 128 + the signal's number.
    process.removeAllListeners(signal);
    process.on(signal, end);
  }
}
endOnSignals();

await buildLocal();
served = await serve({
  port,
  data_dir: env.DATA_DIR ?? join(ROOT, ".ringtrail"),
  ...(env.PUBLIC_URL && { public_url: env.PUBLIC_URL }),
  seed,
  clock,
  verbose: env.VERBOSE === "1",
});
endOnSignals();
const { url } = served;

if (seed === "none" && env.BOOTSTRAP_API_KEY) {
  await local("/__local/bootstrap", { api_key: env.BOOTSTRAP_API_KEY, name: "Network" });
}
if (seed === "demo") await local("/demo/seed", {});

console.log(`ringtrail ready ${url}`);
if (seed === "demo") {
  console.log(`  demo page    ${url}/demo`);
  console.log(`  dashboard    ${url}/`);
  for (const side of ["network", "advertiser", "publisher"]) {
    console.log(`  sign in      ${url}/demo/sign-in?as=${side}`);
  }
}

async function local(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) fail(`${path} answered ${response.status}: ${await response.text()}`);
}

function fail(message: string): never {
  console.error(`ringtrail: ${message}`);
  process.exit(1);
}
