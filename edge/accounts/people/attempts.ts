import { lte, sql } from "drizzle-orm";
import { type Instant, MINUTE_MS, SECOND_MS } from "../../../shared/instant.ts";
import type { Vault } from "../../platform/crypto.ts";
import type { Db } from "../../platform/db.ts";
import { signInAttempts } from "./tables.ts";

/** So often a minute may be tried from one address: enough for an office, nothing for who guesses passwords. */
const ATTEMPTS_MAX = 10;

/**
 * Counts one try to sign in, to sign up or to change a password, before it is made; answers for how many seconds no
 * other is taken from this address, 0 when this one may be made. One write, so that tries at once count each.
 */
export async function takeAttempt(
  ground: { vault: Vault; directory: { db: Db } },
  address: string,
  now: Instant,
): Promise<number> {
  const { db } = ground.directory;
  const address_hash = await ground.vault.fingerprint(address, "sign-in");
  const { since_at, attempts } = signInAttempts;
  const [, [counted]] = await db.batch([
    db.delete(signInAttempts).where(lte(since_at, now - MINUTE_MS)),
    db
      .insert(signInAttempts)
      .values({ address_hash, since_at: now, attempts: 1 })
      .onConflictDoUpdate({ target: signInAttempts.address_hash, set: { attempts: sql`${attempts} + 1` } })
      .returning({ since_at, attempts }),
  ]);
  if (!counted || counted.attempts <= ATTEMPTS_MAX) return 0;
  return Math.max(1, Math.ceil((counted.since_at + MINUTE_MS - now) / SECOND_MS));
}
