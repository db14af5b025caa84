import { expect } from "vitest";
import type { Me } from "../../shared/api/organizations.ts";
import type { Ask, World } from "./world.ts";

export const PASSWORD = "a trail of bread crumbs";

/** A browser without a window: it keeps cookies and sends its origin along. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async ask(path: string, init: Ask = {}): Promise<Response> {
    const headers = new Headers({ origin: this.#world.url, ...(init.headers as Record<string, string>) });
    if (this.cookies.size > 0)
      headers.set("cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
    const answer = await this.#world.ask(path, { now: Date.now(), key: null, ...init, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "" || /max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  async me(): Promise<Me> {
    const answer = await this.ask("/api/v1/me");
    expect(answer.status).toBe(200);
    return (await answer.json()) as Me;
  }
}
