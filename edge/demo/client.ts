import { assert } from "../../shared/assert.ts";
import type { Instant } from "../../shared/instant.ts";

/** Sends a request through the whole app as if it came over the wire at `at`. */
export type AppAt = (request: Request, at: Instant) => Promise<Response>;

export type Asked = {
  at: Instant;
  method?: string;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
};

/** The demo speaks to the product as its users do: by HTTP, with a key. */
export type DemoClient = {
  url: string;
  /** The answer's JSON; anything but 2xx is a bug in the demo. */
  ask<T = Record<string, unknown>>(path: string, asked: Asked): Promise<T>;
  /** Where a link leads a browser that follows it: the `location` of a redirect. */
  follow(path: string, at: Instant, headers: Record<string, string>): Promise<string>;
};

export function demoClient(app: AppAt, public_url: string, key: string): DemoClient {
  return {
    url: public_url,
    async ask<T>(path: string, { at, method = "POST", json, text, headers = {} }: Asked): Promise<T> {
      const all = new Headers({ authorization: `Bearer ${key}`, ...headers });
      const body = text ?? (json === undefined ? null : JSON.stringify(json));
      if (body !== null)
        all.set("content-type", text === undefined ? "application/json" : "text/plain;charset=UTF-8");
      const response = await app(new Request(`${public_url}${path}`, { method, headers: all, body }), at);
      const answer = await response.text();
      assert(response.ok, `the demo's ${method} ${path} answered ${response.status}: ${answer}`);
      return (answer === "" ? {} : JSON.parse(answer)) as T;
    },
    async follow(path, at, headers) {
      const response = await app(new Request(`${public_url}${path}`, { headers }), at);
      const location = response.headers.get("location");
      assert(location !== null, `the demo's link ${path} answered ${response.status}`);
      return location;
    },
  };
}
