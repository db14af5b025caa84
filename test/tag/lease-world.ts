import { afterEach, beforeEach, vi } from "vitest";
import type { Swap } from "../../shared/api/leases.ts";
import type { Consent } from "../../tag/config.ts";

export const SWAP: Swap = { find: "+14155550132", replace: "+16285550101" };
export const OTHER: Swap = { find: "+14155550132", replace: "+16285550102" };
const RENEW_AFTER_S = 900;
/** How often the page looks at the clock. */
const HEARTBEAT_MS = 500;
export const RENEW_MS = RENEW_AFTER_S * 1000;

export type Request = { url: string; body: Record<string, unknown>; init: RequestInit };
export type Reply = { status?: number; body?: unknown } | Error | undefined;
export type PageOptions = { url?: string; consent?: Consent; gpc?: boolean };

/** A reply's body that leases the number of `swap`. */
export function lease(id: string, swap = SWAP) {
  return { lease: `lse_${id}`, expires_at: 1, renew_after_s: RENEW_AFTER_S, swaps: [swap] };
}

/** A browser whose clocks stand still until `settle`, and a Worker that says what a test tells it to. */
export class LeaseWorld {
  requests: Request[] = [];
  beacons: { url: string; body: unknown }[] = [];
  visible = true;
  /** What the Worker answers; undefined: nothing, until the request is aborted. */
  answer: (request: Request) => Reply = () => undefined;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
    beforeEach(() => this.#begin());
    afterEach(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
      vi.unstubAllGlobals();
    });
  }

  #begin(): void {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
      now: 1_800_000_000_000,
    });
    localStorage.clear();
    this.requests = [];
    this.beacons = [];
    this.visible = true;
    this.answer = () => ({ status: 201, body: lease("one") });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => !this.visible });
    // The platform's own timer knows no pretended clock.
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), ms);
      return abort.signal;
    });
    vi.stubGlobal("__PER_SITE__", false);
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.#fetch(url, init));
    Object.defineProperty(navigator, "sendBeacon", {
      configurable: true,
      value: (url: string, body: string) => this.beacons.push({ url, body: JSON.parse(body) }) > 0,
    });
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const request = { url, body: JSON.parse(String(init.body)), init };
    this.requests.push(request);
    const reply = this.answer(request);
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      if (reply instanceof Error) reject(reply);
      else if (reply) {
        resolve(new Response(JSON.stringify(reply.body ?? null), { status: reply.status ?? 200 }));
      }
    });
  }

  /** Loads a page of the site: a fresh copy of the tag's lease, and what it shows at once and by now. */
  async openPage({ url = "https://shop.example/", consent = "granted", gpc }: PageOptions = {}) {
    vi.resetModules();
    // A page begins to count where the clock on the wall is.
    Object.defineProperty(performance, "timeOrigin", {
      configurable: true,
      value: Date.now() - performance.now(),
    });
    vi.stubGlobal("location", { href: url });
    vi.spyOn(document, "referrer", "get").mockReturnValue("https://search.example/");
    Object.defineProperty(navigator, "globalPrivacyControl", { configurable: true, value: gpc });
    // The script element by which the tag would have come.
    const script = { src: "https://rt.example/tag/1/ringtrail.js", dataset: { site: "site_key", consent } };
    Object.defineProperty(document, "currentScript", { configurable: true, value: script });
    let shows: Swap[] = [];
    vi.doMock("../../tag/page.ts", () => ({
      show: (swaps: Swap[]) => {
        shows = swaps;
      },
    }));
    const module = await import("../../tag/lease.ts");
    module.setConsent(consent);
    setInterval(module.tick, HEARTBEAT_MS);
    const atOnce = shows;
    await this.settle();
    return { ...module, atOnce, shows: () => shows };
  }

  async settle(ms = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** The requests so far, by their path below `/v1/leases`. */
  paths(): string[] {
    return this.requests.map(({ url }) => url.replace("https://rt.example/v1/leases", ""));
  }

  stored() {
    return JSON.parse(localStorage.getItem(this.#key) ?? "null");
  }
}
