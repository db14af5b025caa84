import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, ask, client, onSignedOut } from "../../dashboard/api.ts";
import { startWorld, type World } from "../support/world.ts";

/** The dashboard's client against the product itself; only the browser's address and session are put in. */
let world: World;
let key: string | null;
let sent: { url: string; headers: Headers }[] = [];

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

beforeEach(() => {
  key = world.key;
  sent = [];
  const overTheWire = globalThis.fetch;
  vi.stubGlobal("fetch", (input: string, init?: RequestInit) => {
    const asked = new Request(new URL(input, world.url), init);
    if (key !== null) asked.headers.set("authorization", `Bearer ${key}`);
    asked.headers.set("ringtrail-now", String(world.at));
    sent.push({ url: asked.url, headers: asked.headers });
    return overTheWire(asked);
  });
});
afterEach(() => vi.unstubAllGlobals());

async function problemOf(answer: Promise<unknown>): Promise<ApiProblem> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiProblem);
  return error as ApiProblem;
}

describe("the API's client", () => {
  it("answers what the route answers, null where there is nothing", async () => {
    const made = await ask(client.publishers.$post, { json: { name: "Bluegate Leads" } });
    const list = await ask(client.publishers.$get, { query: { limit: 1, cursor: null, retired: "" } });
    expect(list).toEqual({ data: [made], next_cursor: null });
    expect(sent.at(-1)?.url).toBe(`${world.url}/api/v1/publishers?limit=1`);
    expect(await ask(client.publishers[":id"].$delete, { param: { id: made.id } })).toBeNull();
  });

  it("throws a problem with its fields and the request's id", async () => {
    const problem = await problemOf(ask(client.publishers.$post, { json: { name: " " } }));
    expect(problem.status).toBe(422);
    expect(problem.errors).toEqual([{ pointer: "/name", detail: "must not be empty" }]);
    expect(problem.request_id).toMatch(/^req_/);
  });

  it("keeps an id inside its place in the path", async () => {
    const problem = await problemOf(
      ask(client.calls[":id"].$get, { param: { id: "../publishers?limit=1" } }),
    );
    expect(problem.status).toBe(404);
    expect(new URL(sent[0]?.url ?? "").pathname).toBe("/api/v1/calls/..%2Fpublishers%3Flimit%3D1");
  });

  it("sends with each change a key of its own, and none with a question", async () => {
    const add = () => ask(client.advertisers.$post, { json: { name: "Harbor Roofing" } });
    expect((await add()).id).not.toBe((await add()).id);
    await ask(client.me.$get, {});
    const keys = sent.map((asked) => asked.headers.get("idempotency-key"));
    expect(keys).toEqual([expect.any(String), expect.any(String), null]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it("tells the shell when nobody is signed in", async () => {
    key = null;
    const signedOut = vi.fn();
    onSignedOut(signedOut);
    expect((await problemOf(ask(client.me.$get, {}))).status).toBe(401);
    expect(signedOut).toHaveBeenCalledOnce();
  });

  it("tells no answer from a request that was given up", async () => {
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      init.signal?.throwIfAborted();
      throw new TypeError("fetch failed");
    });
    expect((await problemOf(ask(client.me.$get, {}))).status).toBe(0);
    await expect(ask(client.me.$get, {}, AbortSignal.abort())).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
  });
});
