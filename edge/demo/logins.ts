import { eq } from "drizzle-orm";
import { assert } from "../../shared/assert.ts";
import { authOf, type Ground, join, type Membership } from "../accounts/people/people.ts";
import { users } from "../accounts/people/tables.ts";

export const SIDES = ["network", "advertiser", "publisher"] as const;
export type Side = (typeof SIDES)[number];

const NAMES: Record<Side, string> = {
  network: "Nora Lark",
  advertiser: "Ada Redwood",
  publisher: "Pat Fernhill",
};
const emailOf = (side: Side) => `${side}@demo.example`;

type Organization = { id: string; kind: Membership["organization_kind"]; name: string; network_id: string };

/** Signs up one person a side, through the product's own sign-up; the network's person may switch to the others. */
export async function makeLogins(
  ground: Ground,
  password: string,
  sides: Record<Side, Organization>,
): Promise<void> {
  const auth = await authOf(ground);
  for (const side of SIDES) {
    await auth.api.signUpEmail({ body: { name: NAMES[side], email: emailOf(side), password } });
    const [user] = await ground.directory.db
      .select()
      .from(users)
      .where(eq(users.email, emailOf(side)));
    assert(user, "a person who signed up exists");
    await join(ground, user.id, sides[side], side === "network" ? "owner" : "admin");
    if (side === "network")
      for (const other of [sides.advertiser, sides.publisher]) await join(ground, user.id, other, "admin");
  }
}

/** One click: a session for this side's person. Answers the cookies to set. */
export async function signIn(ground: Ground, side: Side, password: string): Promise<string[]> {
  const auth = await authOf(ground);
  const answer = await auth.api.signInEmail({ body: { email: emailOf(side), password }, asResponse: true });
  assert(answer.ok, `the demo's ${side} can sign in`);
  return answer.headers.getSetCookie();
}
