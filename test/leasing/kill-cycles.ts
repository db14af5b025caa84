import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { unpackRef } from "../../edge/leasing/session-id.ts";
import { fromBase64Url } from "../../edge/platform/crypto.ts";

/** What a running server is killed under, and where its acknowledgements go. */
export type Load = { site_key: string; origin: string; clients: number };
export type Acknowledged = Map<string, { number_key: number; leased_at: number }>;

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";

/** Starts the product on `data_dir` in a process group of its own. */
export async function startVictim(data_dir: string): Promise<{ url: string; child: ChildProcess }> {
  const script = join(import.meta.dirname, "kill-server.ts");
  const child = spawn(process.execPath, [script, data_dir], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("ready ")) return { url: line.slice("ready ".length), child };
  }
  throw new Error("the server ended before it was ready");
}

/** Ends the server and its workerd as a power cut would. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await gone;
}

/**
 * Clients lease without pause until the server dies `after_ms` later; answers what was acknowledged. The clock moves
 * by a millisecond a request, from `from`.
 */
export async function leaseUntilKilled(
  victim: { url: string; child: ChildProcess },
  load: Load,
  from: number,
  after_ms: number,
): Promise<Acknowledged> {
  const acknowledged: Acknowledged = new Map();
  let count = 0;
  let is_alive = true;
  const client = async () => {
    while (is_alive) {
      count += 1;
      const now = from + count;
      try {
        const response = await fetch(`${victim.url}/v1/leases`, {
          method: "POST",
          headers: { origin: load.origin, "user-agent": CHROME, "ringtrail-now": String(now) },
          body: JSON.stringify({
            site: load.site_key,
            url: `${load.origin}/`,
            referrer: "",
            visitor: `v${now}`,
          }),
        });
        const { lease } = (await response.json()) as { lease: string | null };
        if (lease) acknowledged.set(lease, unpackRef(fromBase64Url(lease.slice(4)), 4));
      } catch {
        // The server is gone: what it did not acknowledge it need not have.
        return;
      }
    }
  };
  const clients = Array.from({ length: load.clients }, client);
  await new Promise((resolve) => setTimeout(resolve, after_ms));
  await kill(victim.child);
  is_alive = false;
  await Promise.all(clients);
  return acknowledged;
}
