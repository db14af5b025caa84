import { buildLocal } from "./build.ts";
import { type Served, serve } from "./serve.ts";
import { readSettings } from "./settings.ts";

const UPKEEP_EVERY_MS = 60_000;

const settings = readSettings(process.env);
if (!settings.ok) fail(settings.error.join("\nringtrail: "));
const { bootstrap_api_key, ...options } = settings.value;

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
    // Also for Miniflare, which has its own way to leave.
    process.removeAllListeners(signal);
    process.on(signal, end);
  }
}
endOnSignals();

await buildLocal();
served = await serve({ ...options, signals_taken: endOnSignals }).catch(
  (error: Error & { code?: string }) => {
    if (error.code !== "ERR_ADDRESS_IN_USE") throw error;
    return fail(`port ${options.port} is taken: set PORT to another one`);
  },
);
endOnSignals();
const { url } = served;

if (options.seed === "none" && bootstrap_api_key) {
  await local("/__local/bootstrap", { api_key: bootstrap_api_key, name: "Network" });
}
if (options.seed === "demo") await local("/demo/seed", {});

if (options.clock === "system") keepUp();

console.log(`ringtrail ready ${url}`);
if (options.seed === "demo") {
  console.log(`  demo page    ${url}/demo`);
  console.log(`  dashboard    ${url}/`);
  for (const side of ["network", "advertiser", "publisher"]) {
    console.log(`  sign in      ${url}/demo/sign-in?as=${side}`);
  }
}

/** Upkeep now and every minute, as the deployed Worker's cron has it. Whoever sets the clock asks for it himself. */
function keepUp(): void {
  const path = "/__local/scheduled";
  const run = () =>
    fetch(`${url}${path}`, { method: "POST" }).then(
      async (response) => {
        const text = await response.text();
        if (!response.ok) console.error(`ringtrail: ${path} answered ${response.status}: ${text}`);
      },
      (error: Error) => {
        if (!ending) console.error(`ringtrail: ${path} failed: ${error.message}`);
      },
    );
  void run();
  setInterval(() => void run(), UPKEEP_EVERY_MS).unref();
}

async function local(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    // Ended while it is being filled: `end` leaves as soon as everything is closed.
    if (ending) return new Promise<Response>(() => {});
    throw error;
  });
  if (!response.ok) fail(`${path} answered ${response.status}: ${await response.text()}`);
}

function fail(message: string): never {
  console.error(`ringtrail: ${message}`);
  process.exit(1);
}
