import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Me } from "../shared/api/organizations.ts";
import { assert } from "../shared/assert.ts";
import { ask, auth, client } from "./api.ts";
import { forgetAnswers } from "./query.ts";

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Only inside the shell, which shows nothing before it knows. */
export function useMe(): Me {
  const me = useContext(MeContext);
  assert(me !== null, "useMe is called outside the shell");
  return me;
}

/** What `GET /api/v1/me` answers; throws an `ApiProblem` (401 when nobody is signed in). */
export function loadMe(signal: AbortSignal): Promise<Me> {
  return ask(client.me.$get, {}, signal);
}

/** Makes another of this login's organizations the one that is looked at; what is on screen is then asked anew. */
export async function switchOrganization(organization_id: string): Promise<void> {
  await auth("/organization/set-active", { organizationId: organization_id });
  forgetAnswers();
}

/** Ends the session on the server and forgets what was shown. */
export async function signOut(): Promise<void> {
  await auth("/sign-out", {});
  forgetAnswers();
}
