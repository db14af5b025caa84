import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import { PASSWORD_LENGTH_MIN } from "../../../shared/people.ts";
import type { Db } from "../../platform/db.ts";
import { userCredentials, userSessions, users, userVerifications } from "./tables.ts";

/** Where people's sign-in lives, and how its cookies are called. */
export const AUTH_PATH = "/auth";
export const COOKIE_PREFIX = "ringtrail";

const DAY_S = 86_400;

/**
 * better-auth's core, which keeps users, passwords and sessions. This module is only ever loaded by `import()`:
 * it weighs more than the rest of the Worker, and a lease or a call must not pay for it.
 * Roles are not its business: `people.ts` reads them on every request.
 */
export function openAuth(db: Db, public_url: string, secret: string) {
  return betterAuth({
    appName: "Ringtrail",
    baseURL: public_url,
    basePath: AUTH_PATH,
    secret,
    trustedOrigins: [public_url],
    database: drizzleAdapter(db, {
      provider: "sqlite",
      // D1 has no interactive transactions.
      transaction: false,
      schema: {
        user: users,
        session: userSessions,
        account: userCredentials,
        verification: userVerifications,
      },
    }),
    emailAndPassword: { enabled: true, minPasswordLength: PASSWORD_LENGTH_MIN, autoSignIn: true },
    session: { expiresIn: 14 * DAY_S, updateAge: DAY_S },
    // Tries are counted in the database (attempts.ts): its own count is each isolate's.
    rateLimit: { enabled: false },
    advanced: {
      ipAddress: { disableIpTracking: true },
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: public_url.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
    },
    telemetry: { enabled: false },
  });
}

export type Auth = ReturnType<typeof openAuth>;
