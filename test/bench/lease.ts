import { REFERENCE_PATH } from "../../bin/serve.ts";
import { type Inventory, PAGE_ORIGIN, type Stock, stockUp } from "../support/inventory.ts";
import type { World } from "../support/world.ts";
import { startBarePool } from "./bare-pool.ts";
import { startD1Claim } from "./d1-claim.ts";
import type { Figure } from "./figure.ts";
import { compare, type Load } from "./load.ts";

export const CONNECTIONS = [1, 10, 50];

const TTL_S = 60;
const LARGE_NUMBERS = 20_000;
const SMALL_NUMBERS = 50;
/** The clock moves so much a request: 250 new visitors a second hold 15,000 of the numbers, whatever the machine's speed. */
const STEP_MS = 4;
/** So slowly come the visitors that 50 numbers serve. */
const SMALL_STEP_MS = 1_700;

/** The pool that leases are measured on. */
export const LARGE_POOL: Stock = {
  numbers: LARGE_NUMBERS,
  prefix: "+162855",
  pool: { lease_ttl_s: TTL_S, cooldown_s: 0 },
};

/** The port that `npm start` opens, with Miniflare's entry before every Worker; and each Worker's own socket. */
type Urls = { served: string; product: string; reference: string };

/** New leases against what they are measured by: a bare Worker, a bare object, D1 without one, and another pool's size. */
export async function leaseFigures(world: World, stock: Inventory, urls: Urls): Promise<Figure[]> {
  const next = leaseRequests(world, stock.site_key, STEP_MS);
  const toReference = () => ({ ...next(), path: REFERENCE_PATH });
  const lease: Load = { url: urls.product, status: 201, next };
  const figures: Figure[] = [];
  for (const connections of CONNECTIONS) {
    const bare: Load = { url: urls.served, next: toReference };
    figures.push(await compare("new lease", { ...lease, url: urls.served }, bare, connections));
  }
  for (const connections of CONNECTIONS) {
    const bare: Load = { url: urls.reference, next };
    figures.push(await compare("new lease, without Miniflare's entry", lease, bare, connections));
  }
  figures.push(
    await against(await startBarePool(), "new lease against a bare object that writes one row", lease),
  );
  figures.push(await against(await startD1Claim(LARGE_NUMBERS), "new lease against a D1-only claim", lease));
  figures.push(await smallAgainstLarge(world, stock, lease));
  return figures;
}

/** The whole lease against another Worker that takes the same requests. */
async function against(
  other: { url: string; stop(): Promise<void> },
  name: string,
  lease: Load,
): Promise<Figure> {
  try {
    return await compare(name, lease, { url: other.url, next: lease.next }, 10);
  } finally {
    await other.stop();
  }
}

/** The two sizes at one pace, so that what goes by the clock (settings, flushes) weighs the same. */
async function smallAgainstLarge(world: World, large: Inventory, lease: Load): Promise<Figure> {
  const small = await stockUp(world, { ...LARGE_POOL, numbers: SMALL_NUMBERS, prefix: "+1415777" });
  const at = world.at + 86_400_000;
  const slowly = (site_key: string): Load => ({
    ...lease,
    next: leaseRequests({ at }, site_key, SMALL_STEP_MS),
  });
  return compare("new lease, pool of 50 against 20,000", slowly(small.site_key), slowly(large.site_key), 10);
}

/** Page views of ever new visitors, each `step_ms` after the one before. */
export function leaseRequests(from: { at: number }, site_key: string, step_ms: number): Load["next"] {
  let count = 0;
  return () => {
    count += 1;
    const url = `${PAGE_ORIGIN}/emergency?utm_source=google&utm_medium=cpc&utm_term=burst+pipe&gclid=bench-${count}`;
    return {
      path: "/v1/leases",
      headers: {
        "content-type": "text/plain;charset=UTF-8",
        origin: PAGE_ORIGIN,
        "user-agent":
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
        "ringtrail-now": String(from.at + count * step_ms),
      },
      body: JSON.stringify({
        site: site_key,
        url,
        referrer: "https://www.google.com/",
        visitor: `bench${count}`,
      }),
    };
  };
}
