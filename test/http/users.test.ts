import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { NewUser, User } from "../../shared/api/users.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { peopleOf } from "../support/people.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

/** `/users` as keys ask it: who may invite whom, whose people are whose, and that a link is shown once. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const { freshEmail, invite, invited, listed, member, roleOf } = peopleOf(on);
const newPath = async () => `/users/${(await invited("admin")).id}`;

describe("/users", () => {
  checkRoute(on, {
    operation: "users.create",
    method: "POST",
    path: () => "/users",
    body: (s) => ({ email: freshEmail(), role: "analyst", organization_id: s.own.publisher_id }),
    required: ["email", "role"],
    references: (s) => ({ organization_id: s.foreign.publisher_id }),
    status: 201,
    answers: NewUser,
    secret: "link",
  });
  checkRoute(on, {
    operation: "users.list",
    method: "GET",
    path: () => "/users",
    status: 200,
    answers: ListOf(User),
  });
  checkRoute(on, { operation: "users.read", method: "GET", path: newPath, status: 200, answers: User });
  checkRoute(on, {
    operation: "users.update",
    method: "PATCH",
    path: async (s) =>
      `/users/${await member(s.own.publisher_id, "viewer")}?organization_id=${s.own.publisher_id}`,
    body: () => ({ role: "analyst" }),
    required: ["role"],
    status: 200,
    answers: User,
  });
  checkRoute(on, { operation: "users.remove", method: "DELETE", path: newPath, status: 204 });

  it("shows a link of 256 random bits once, and keeps only its hash", async () => {
    const made = await invited("admin");
    expect(made).toMatchObject({ status: "invited", name: null, created_at: stage.world.at });
    expect(made.link).toMatch(new RegExp(`^${stage.world.url}/invitation#rt_invite_[A-Za-z0-9_-]{43}$`));
    const token = made.link.split("#")[1] ?? "";
    const shown = JSON.stringify([await listed("admin"), await stage.json("admin", `/users/${made.id}`)]);
    expect(shown).toContain(made.id);
    expect(shown).not.toContain(token);
    for (const table of ["invitations", "audit_log", "idempotency_keys"]) {
      const { results } = await stage.world.d1.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(token);
    }
  });

  it("notes who was invited, as what and where, in the audit log", async () => {
    const email = freshEmail();
    const made = await invited("admin", { email, role: "billing", organization_id: stage.own.publisher_id });
    const row = await stage.world.d1
      .prepare("SELECT action, detail FROM audit_log WHERE subject_id = ?")
      .bind(made.id)
      .first<{ action: string; detail: string }>();
    expect(row?.action).toBe("users.create");
    expect(JSON.parse(row?.detail ?? "")).toEqual({
      email,
      role: "billing",
      organization_id: stage.own.publisher_id,
    });
  });

  it("takes addresses in any case, and no other text for one", async () => {
    const email = freshEmail();
    expect((await invited("admin", { email: ` ${email.toUpperCase()} ` })).email).toBe(email);
    for (const wrong of [
      "",
      "robin",
      "robin@",
      "robin@harrow",
      "a b@harrow.example",
      `${"x".repeat(250)}@h.io`,
    ]) {
      const { errors } = await problemOf(await invite("admin", { email: wrong }), 422);
      expect(errors?.[0]?.pointer).toBe("/email");
    }
  });

  it("says the same whether the address has a login or not", async () => {
    const known = `${await member(stage.foreign.publisher_id, "owner")}@harrow.example`;
    const shape = ({ id: _, link: __, email: ___, ...rest }: NewUser) => rest;
    expect(shape(await invited("admin", { email: known }))).toEqual(shape(await invited("admin")));
  });

  it("refuses to invite who belongs to it already", async () => {
    const email = `${await member(stage.world.network_id, "viewer")}@harrow.example`;
    const problem = await problemOf(await invite("admin", { email }), 409);
    expect(problem.detail).toContain("already, as viewer");
    expect((await invited("admin", { email, organization_id: stage.own.publisher_id })).status).toBe(
      "invited",
    );
  });

  it("replaces the link of an address that is invited again", async () => {
    const email = freshEmail();
    const first = await invited("admin", { email, role: "viewer" });
    const second = await invited("admin", { email, role: "analyst" });
    expect(second.link).not.toBe(first.link);
    const open = (await listed("admin")).filter((user) => user.email === email);
    expect(open.map(({ id, role }) => [id, role])).toEqual([[second.id, "analyst"]]);
    await problemOf(await stage.as("admin", `/users/${first.id}`), 404);
  });

  it("has one open invitation for an address that is invited many times at once", async () => {
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 5 }, () => invite("admin", { email })));
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual(
      [],
    );
    expect((await listed("admin")).filter((user) => user.email === email)).toHaveLength(1);
  });

  it("says of an invitation that it has expired, and lists its people page by page", async () => {
    const { id, expires_at } = await invited("admin");
    const at = async (now: number) => (await stage.json<User>("admin", `/users/${id}`, { now })).status;
    expect(expires_at).toBe(stage.world.at + 7 * 86_400_000);
    expect([await at((expires_at ?? 0) - 1), await at(expires_at ?? 0)]).toEqual(["invited", "expired"]);
    await member(stage.world.network_id, "viewer");
    const seen: string[] = [];
    let cursor = "";
    do {
      const page: { data: User[]; next_cursor: string | null } = await stage.json(
        "admin",
        `/users?limit=2&cursor=${cursor}`,
      );
      seen.push(...page.data.map((user) => user.id));
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    expect(seen).toEqual((await listed("admin")).map((user) => user.id));
    expect(seen).toEqual([...new Set(seen)].sort());
  });
});

describe("whose people", () => {
  it("a network looks after its own and those it manages, a side after its own alone", async () => {
    const { own, foreign, other_publisher_id, world } = stage;
    const theirs = await invited("admin", { organization_id: own.publisher_id });
    expect((await listed("publisher")).map(({ id }) => id)).toContain(theirs.id);
    expect((await listed("admin", `&organization_id=${own.publisher_id}`)).map(({ id }) => id)).toContain(
      theirs.id,
    );
    expect((await listed("admin")).map(({ id }) => id)).not.toContain(theirs.id);
    expect(new Set((await listed("publisher")).map((user) => user.organization_id))).toEqual(
      new Set([own.publisher_id]),
    );

    const notIts: [Who, string][] = [
      ["publisher", world.network_id],
      ["publisher", other_publisher_id],
      ["publisher", own.advertiser_id],
      ["advertiser", own.publisher_id],
      ["admin", foreign.publisher_id],
      ["stranger", own.publisher_id],
    ];
    for (const [who, organization_id] of notIts) {
      const id = await member(organization_id, "viewer");
      const query = `?organization_id=${organization_id}`;
      const problem = await problemOf(await invite(who, { organization_id }), 404);
      expect(problem.errors?.[0]?.pointer).toBe("/organization_id");
      await problemOf(await stage.as(who, `/users${query}`), 404);
      for (const path of [`/users/${id}`, `/users/${id}${query}`]) {
        await problemOf(await stage.as(who, path), 404);
        await problemOf(await stage.as(who, path, { method: "PATCH", json: { role: "admin" } }), 404);
        await problemOf(await stage.as(who, path, { method: "DELETE" }), 404);
      }
      expect(await roleOf(id, organization_id)).toBe("viewer");
    }
    for (const who of ["advertiser", "other_publisher", "stranger"] as const) {
      await problemOf(await stage.as(who, `/users/${theirs.id}`), 404);
      await problemOf(await stage.as(who, `/users/${theirs.id}`, { method: "DELETE" }), 404);
    }
    await problemOf(await stage.as("admin", `/users/${theirs.id}?organization_id=${world.network_id}`), 404);
  });

  it("takes nobody into an organization that is retired", async () => {
    const { id } = await stage.json<{ id: string }>("admin", "/publishers", {
      json: { name: "Short-lived" },
    });
    await stage.json("admin", `/publishers/${id}`, { method: "DELETE" });
    const { errors } = await problemOf(await invite("admin", { organization_id: id }), 422);
    expect(errors).toEqual([{ pointer: "/organization_id", detail: "this organization is retired" }]);
  });
});
