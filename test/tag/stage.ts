import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SITE_TOKEN, type TagBuild } from "../../bin/build-tag.ts";
import type { LeaseReply } from "../../shared/api/leases.ts";
import type { TagSite } from "../../shared/api/tag-site.ts";

export const SITE_KEY = "site_key";

/** A request that the tag made: path, parsed body and the headers that matter. */
export type Heard = { path: string; body: Record<string, unknown>; headers: IncomingMessage["headers"] };

/** What the scripted Worker does with a request; undefined: it never answers. */
export type Answer = { status: number; body: string; headers?: Record<string, string> } | undefined;

/** A reply that leases `replace` for +1 415 555 0132. */
export function leased(replace: string, changes: Partial<LeaseReply> = {}): Answer {
  const reply: LeaseReply = {
    lease: `lse_${replace.slice(-4)}`,
    expires_at: 1,
    renew_after_s: 900,
    swaps: [{ find: "+14155550132", replace }],
    ...changes,
  };
  return { status: 201, body: JSON.stringify(reply) };
}

/**
 * Two HTTP servers: the site with its pages, and the Worker with the built tag and a scripted lease endpoint.
 * `site.pages` maps paths to HTML; `answer` decides about each POST.
 */
export class Stage {
  /** Requests for a lease or its renewal. */
  readonly heard: Heard[] = [];
  /** Reports of events. Those of an earlier test's page may still come in: look at their lease. */
  readonly reported: Heard[] = [];
  readonly pages = new Map<string, { html: string; headers?: Record<string, string> }>();
  answer: (heard: Heard) => Answer = () => leased("+16285550101");
  /** Hears what a page reports to `/found` of its own site. */
  onFound: (text: string) => void = () => undefined;
  site = "";
  worker = "";
  #servers: Server[] = [];
  readonly #tag: Pick<TagBuild, "perSite" | "versioned" | "integrity">;

  constructor(tag: Pick<TagBuild, "perSite" | "versioned" | "integrity">) {
    this.#tag = tag;
  }

  async open(): Promise<void> {
    this.site = await this.#listen((request, response) => this.#serveSite(request, response));
    this.worker = await this.#listen((request, response) => this.#serveWorker(request, response));
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /** Forgets what was heard and scripted. */
  clear(): void {
    this.heard.length = 0;
    this.reported.length = 0;
    this.pages.clear();
    this.answer = () => leased("+16285550101");
  }

  /** The script element of the per-site tag, or with attributes that of the versioned one. */
  snippet(attributes = ""): string {
    return attributes
      ? `<script async src="${this.worker}/tag/0123456789/ringtrail.js" ${attributes}></script>`
      : `<script async src="${this.worker}/t/${SITE_KEY}.js"></script>`;
  }

  /** The script element of the versioned tag, sealed by its content. */
  sealedSnippet(): string {
    return this.snippet(`data-site="${SITE_KEY}" integrity="${this.#tag.integrity}" crossorigin="anonymous"`);
  }

  /** The types of the events that were reported of a lease. */
  reportedOf(lease: string): unknown[] {
    return this.reported
      .filter(({ path }) => path === `/v1/leases/${lease}/events`)
      .map(({ body }) => body.type);
  }

  async #listen(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #serveSite(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === "/found") {
      void text(request).then((found) => {
        response.writeHead(204).end();
        this.onFound(found);
      });
      return;
    }
    const page = this.pages.get(new URL(request.url ?? "/", this.site).pathname);
    response.writeHead(page ? 200 : 404, { "content-type": "text/html; charset=utf-8", ...page?.headers });
    response.end(page?.html);
  }

  #serveWorker(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    const script = path.startsWith("/t/")
      ? this.perSite()
      : path.startsWith("/tag/")
        ? this.#tag.versioned
        : null;
    if (script !== null) {
      response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" });
      response.end(script);
      return;
    }
    void text(request).then((sent) => {
      const heard = { path, body: JSON.parse(sent || "{}"), headers: request.headers };
      const isEvent = path.endsWith("/events");
      (isEvent ? this.reported : this.heard).push(heard);
      const answer = isEvent ? { status: 204, body: "" } : this.answer(heard);
      if (!answer) return;
      response.writeHead(answer.status, {
        "content-type": "application/json",
        "access-control-allow-origin": request.headers.origin ?? "",
        ...answer.headers,
      });
      response.end(answer.body);
    });
  }

  /** The per-site tag, or a variant of it, with its settings in it as the Worker writes them. */
  perSite(variant = this.#tag.perSite, options: Partial<TagSite> = {}): string {
    const site: TagSite = { site: SITE_KEY, host: this.worker, ...options };
    return variant.replace(SITE_TOKEN, () => JSON.stringify(site));
  }
}
