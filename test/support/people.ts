import type { NewUser, User } from "../../shared/api/users.ts";
import type { Stage, Who } from "./stage.ts";

/** The people of a stage's organizations, as keys ask for them. */
export function peopleOf(on: () => Stage) {
  let made = 0;
  const freshEmail = () => `person-${++made}@harrow.example`;
  const invite = (who: Who, json: Record<string, unknown> = {}) =>
    on().as(who, "/users", { json: { email: freshEmail(), role: "viewer", ...json } });
  return {
    freshEmail,
    invite,
    async invited(who: Who, json: Record<string, unknown> = {}): Promise<NewUser> {
      const answer = await invite(who, json);
      if (answer.status !== 201) throw new Error(`not invited: ${await answer.text()}`);
      return (await answer.json()) as NewUser;
    },
    async listed(who: Who, query = ""): Promise<User[]> {
      return (await on().json<{ data: User[] }>(who, `/users?limit=200${query}`)).data;
    },
    /** Somebody who signed up and belongs to this organization as this. */
    async member(organization_id: string, role: string): Promise<string> {
      const id = `person${String(++made).padStart(6, "0")}`;
      const { d1 } = on().world;
      await d1
        .prepare("INSERT INTO users VALUES (?, 'Robin Vale', ?, 0, NULL, 1, 1)")
        .bind(id, `${id}@harrow.example`)
        .run();
      await d1
        .prepare(
          "INSERT INTO memberships SELECT ?, id, kind, name, network_id, ?, 1 FROM organizations WHERE id = ?",
        )
        .bind(id, role, organization_id)
        .run();
      return id;
    },
    async roleOf(id: string, organization_id: string): Promise<string | null> {
      const row = await on()
        .world.d1.prepare("SELECT role FROM memberships WHERE user_id = ? AND organization_id = ?")
        .bind(id, organization_id)
        .first<{ role: string }>();
      return row?.role ?? null;
    },
  };
}
