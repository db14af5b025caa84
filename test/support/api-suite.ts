import * as v from "valibot";
import { expect, it } from "vitest";
import { isAllowed, type Operation } from "../../edge/accounts/permissions.ts";
import { ProblemSchema } from "../../shared/api/common.ts";
import { PEOPLE, type Stage } from "./stage.ts";

type Body = Record<string, unknown>;

/** One route of the account API and what is true of it when all is well. */
export type RouteCase = {
  operation: Operation;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path below `/api/v1`, of something that belongs to Larkspur. Called for each request: it may make anew. */
  path: (stage: Stage) => string | Promise<string>;
  /** A body that is accepted, afresh for each request. */
  body?: (stage: Stage) => Body;
  required?: string[];
  /** Fields whose value names something: each must be as absent when it is the stranger's as when it is nobody's. */
  references?: (stage: Stage) => Record<string, string>;
  status: 200 | 201 | 204;
  answers?: v.GenericSchema;
  /** The body may be left out. */
  optional_body?: boolean;
  /** A field that is in the first answer only. */
  secret?: string;
};

export type Problem = v.InferOutput<typeof ProblemSchema>;

/** A problem of this status, in the form of RFC 9457 and under its media type. */
export async function problemOf(response: Response, status: number): Promise<Problem> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = v.parse(ProblemSchema, JSON.parse(text));
  expect(problem.status).toBe(status);
  return problem;
}

/** That what is asked meanwhile leaves no row behind. */
async function leavesNothing(stage: Stage, ask: () => Promise<void>): Promise<void> {
  const before = await stage.rows();
  await ask();
  expect(await stage.rows()).toEqual(before);
}

/** The tests every route of the account API must pass: happy, error, security. */
export function checkRoute(stage: () => Stage, route: RouteCase): void {
  const { operation, method, body } = route;
  const init = (json?: Body) => ({ method, ...(json && { json }) });
  const valid = () => init(body?.(stage()));

  it(`${operation} answers ${route.status}`, async () => {
    const response = await stage().as("admin", await route.path(stage()), valid());
    const text = await response.text();
    expect(response.status, text).toBe(route.status);
    if (route.answers) v.parse(route.answers, JSON.parse(text));
    else expect(text).toBe("");
  });

  it(`${operation} asks for a key`, async () => {
    const path = `/api/v1${await route.path(stage())}`;
    for (const key of [null, "rt_live_nobodys", " "]) {
      const response = await stage().world.ask(path, { ...valid(), key });
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer /);
      await problemOf(response, 401);
    }
  });

  it(`${operation} is for those who may`, async () => {
    const path = await route.path(stage());
    const init = valid();
    await leavesNothing(stage(), async () => {
      for (const [who, person] of Object.entries(PEOPLE)) {
        const asking = {
          ...person,
          network_id: "",
          organization_id: "",
          actor_id: "",
          via: "api_key",
        } as const;
        if (isAllowed(asking, operation)) continue;
        await problemOf(await stage().as(who as keyof typeof PEOPLE, path, init), 403);
      }
    });
  });

  if (body) checkBody(stage, route, body);
  checkIds(stage, route);
  if (method !== "GET") checkRepetition(stage, route);
}

function checkBody(stage: () => Stage, route: RouteCase, body: (stage: Stage) => Body): void {
  const { operation, method, required = [], references } = route;
  let path = "";
  const send = async (json: Body, status = 422) =>
    problemOf(await stage().as("admin", path, { method, json }), status);

  it(`${operation} names every wrong field`, async () => {
    path = await route.path(stage());
    const valid = body(stage());
    await leavesNothing(stage(), async () => {
      const unknown = await send({ ...valid, nonsense: 1 });
      expect(unknown.errors).toContainEqual({
        pointer: "/nonsense",
        detail: "is not a field of this resource",
      });
      for (const field of required) {
        const { [field]: _, ...rest } = valid;
        expect((await send(rest)).errors).toContainEqual({ pointer: `/${field}`, detail: "is required" });
      }
      for (const field of Object.keys(valid)) {
        const problem = await send({ ...valid, [field]: { wrong: true } });
        expect(problem.errors?.some((fault) => fault.pointer.startsWith(`/${field}`))).toBe(true);
      }
      for (const [field, id] of Object.entries(references?.(stage()) ?? {})) {
        for (const named of [id, `${id.slice(0, -6)}000000`]) {
          const problem = await send({ ...valid, [field]: named }, 404);
          expect(problem.errors?.[0]?.pointer).toBe(`/${field}`);
          expect(problem.errors?.[0]?.detail).toMatch(/^there is no such /);
        }
      }
    });
  });

  it(`${operation} takes JSON objects only`, async () => {
    const path = await route.path(stage());
    const text = JSON.stringify(body(stage()));
    const huge = JSON.stringify({ ...body(stage()), padding: "x".repeat(100_000) });
    // As a spreadsheet or an old script writes an é: a single byte, which is no UTF-8.
    const latin1 = Uint8Array.from(Buffer.from(text.replace('"', '"\u00e9'), "latin1"));
    const send = (sent: BodyInit, type = "application/json") =>
      stage().as("admin", path, { method, body: sent, headers: { "content-type": type } });
    await leavesNothing(stage(), async () => {
      for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
        await problemOf(await send(text, type), 415);
      }
      for (const broken of ['{"name":', "[]", '"text"', "null", ...(route.optional_body ? [] : [""])]) {
        await problemOf(await send(broken), 400);
      }
      await problemOf(await send(latin1), 400);
      await problemOf(await send(huge), 413);
    });
  });
}

function checkIds(stage: () => Stage, route: RouteCase): void {
  const { operation, method } = route;
  it(`${operation} hides what is somebody else's`, async () => {
    const path = await route.path(stage());
    const id = /^[^?]*([a-z]{3}_[0-9A-Z]{26})/.exec(path)?.[1];
    const init = { method, ...(route.body && { json: route.body(stage()) }) };
    if (id === undefined) return;
    await leavesNothing(stage(), async () => {
      await problemOf(await stage().as("stranger", path, init), 404);
      for (const absent of [`${id.slice(0, -6)}000000`, "x", "%00"]) {
        await problemOf(await stage().as("admin", path.replace(id, absent), init), 404);
      }
    });
  });
}

function checkRepetition(stage: () => Stage, route: RouteCase): void {
  const { operation, method, body, secret } = route;
  it(`${operation} does once what is asked twice with one Idempotency-Key`, async () => {
    const path = await route.path(stage());
    const headers = { "idempotency-key": `${operation}-${crypto.randomUUID()}` };
    const json = body?.(stage());
    const send = (sent?: Body) => stage().as("admin", path, { method, headers, ...(sent && { json: sent }) });
    const first = await send(json);
    const answer = await first.text();
    expect(first.status, answer).toBe(route.status);
    await leavesNothing(stage(), async () => {
      const again = await send(json);
      expect(again.status).toBe(route.status);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(await again.text()).toBe(secret === undefined ? answer : without(secret, answer));
      if (json) await problemOf(await send({ ...json, other: true }), 422);
    });
  });
}

function without(field: string, text: string): string {
  const { [field]: secret, ...rest } = JSON.parse(text) as Body;
  expect(secret).toBeTypeOf("string");
  return JSON.stringify(rest);
}
