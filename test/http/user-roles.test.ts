import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../shared/api/organizations.ts";
import { problemOf } from "../support/api-suite.ts";
import { peopleOf } from "../support/people.ts";
import { type Stage, setStage } from "../support/stage.ts";

/** Which roles are given and taken by whom, and that an organization keeps an owner. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

const { freshEmail, invite, invited, listed, member, roleOf } = peopleOf(() => stage);

describe("what may be given and taken", () => {
  it("no role that does not administer may invite, change or remove, whatever the role asked for", async () => {
    const id = await member(stage.world.network_id, "viewer");
    for (const who of ["analyst", "billing", "viewer"] as const) {
      for (const role of ROLES) {
        await problemOf(await invite(who, { role }), 403);
        await problemOf(await stage.as(who, `/users/${id}`, { method: "PATCH", json: { role } }), 403);
      }
      await problemOf(await stage.as(who, `/users/${id}`, { method: "DELETE" }), 403);
    }
    expect(await roleOf(id, stage.world.network_id)).toBe("viewer");
  });

  it("an admin gives every role but an owner's, and does nothing to an owner", async () => {
    for (const [who, organization_id] of [
      ["admin", stage.world.network_id],
      ["publisher", stage.own.publisher_id],
      ["advertiser", stage.own.advertiser_id],
    ] as const) {
      const ids = [await member(organization_id, "owner"), await member(organization_id, "owner")];
      const below = await member(organization_id, "viewer");
      const patch = (id: string, role: string) =>
        stage.as(who, `/users/${id}`, { method: "PATCH", json: { role } });
      await problemOf(await invite(who, { role: "owner" }), 403);
      await problemOf(await patch(below, "owner"), 403);
      await problemOf(await patch(ids[0] ?? "", "admin"), 403);
      await problemOf(await stage.as(who, `/users/${ids[0]}`, { method: "DELETE" }), 403);
      for (const role of ["admin", "billing", "analyst", "viewer"]) {
        expect((await patch(below, role)).status).toBe(200);
        expect(await roleOf(below, organization_id)).toBe(role);
      }
      expect(await roleOf(ids[0] ?? "", organization_id)).toBe("owner");
    }
  });

  it("an admin reaches an owner's role by no key either", async () => {
    const makeKey = (json: object) =>
      stage.as("admin", "/api-keys", { json: { name: "Up", role: "owner", ...json } });
    await problemOf(await makeKey({}), 403);
    expect((await makeKey({ organization_id: stage.own.publisher_id })).status).toBe(201);
  });

  it("a network's admin gives a publisher its first owner, whose invitation its admins leave alone", async () => {
    const email = freshEmail();
    const made = await invited("admin", { email, role: "owner", organization_id: stage.other_publisher_id });
    await problemOf(await invite("other_publisher", { email, role: "viewer" }), 403);
    await problemOf(await stage.as("other_publisher", `/users/${made.id}`, { method: "DELETE" }), 403);
    const theirs = (await listed("other_publisher")).filter((user) => user.email === email);
    expect(theirs.map(({ id, role }) => [id, role])).toEqual([[made.id, "owner"]]);
  });

  it("changes no invitation's role: another one is sent", async () => {
    const { id } = await invited("admin");
    await problemOf(
      await stage.as("admin", `/users/${id}`, { method: "PATCH", json: { role: "admin" } }),
      409,
    );
  });
});

describe("the last owner", () => {
  const side = (id: string, owner: string) => `/users/${owner}?organization_id=${id}`;
  const publisher = async () =>
    (await stage.json<{ id: string }>("admin", "/publishers", { json: { name: "Owned" } })).id;
  const demote = { method: "PATCH", json: { role: "admin" } };
  const remove = { method: "DELETE" };

  it("is neither removed nor demoted, the one before is", async () => {
    const id = await publisher();
    const [one, two] = [await member(id, "owner"), await member(id, "owner")];
    expect((await stage.as("admin", side(id, one), demote)).status).toBe(200);
    for (const change of [demote, remove]) {
      await problemOf(await stage.as("admin", side(id, two), change), 409);
    }
    expect(await roleOf(two, id)).toBe("owner");
    const same = await stage.as("admin", side(id, two), { method: "PATCH", json: { role: "owner" } });
    expect(same.status).toBe(200);
  });

  it("stays also when two owners go at once", async () => {
    for (const change of [demote, remove]) {
      const id = await publisher();
      const owners = [await member(id, "owner"), await member(id, "owner")];
      const answers = await Promise.all(owners.map((owner) => stage.as("admin", side(id, owner), change)));
      const [done, refused] = answers.map(({ status }) => status).sort();
      expect([done, refused]).toEqual([change === demote ? 200 : 204, 409]);
      const roles = await Promise.all(owners.map((owner) => roleOf(owner, id)));
      expect(roles.filter((role) => role === "owner")).toHaveLength(1);
    }
  });
});
