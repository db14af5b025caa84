import { Hono } from "hono";
import { DAY_MS } from "../../shared/instant.ts";
import { bootstrapNetwork } from "../accounts/bootstrap.ts";
import { keepOrganization } from "../http/people.ts";
import { parseObject, readBody } from "../http/support/body.ts";
import { type HttpEnv, problem } from "../http/support/context.ts";
import { toBase64Url } from "../platform/crypto.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import { type Cast, makeCast, moveIn } from "./cast.ts";
import { type AppAt, demoClient } from "./client.ts";
import { makeLogins, SIDES, signIn } from "./logins.ts";
import { playMonth } from "./month.ts";
import { landingPage } from "./page.ts";
import { placeCall } from "./test-call.ts";

/** What the demo must remember between requests; in KV, because it is nobody's fact. */
type Stage = { cast: Cast; key: string; password: string };

const NO_DEMO: Failure = { kind: "not_found", what: "demo: start with SEED=demo" };
const STAGE = "demo/stage";
const BODY_LIMIT_BYTES = 1_024;
/** The cast is there a day before the first visitor. */
const CAST_MS = 59 * DAY_MS;

async function stageOf(services: Services): Promise<Stage | null> {
  return services.plans.get<Stage>(STAGE, "json");
}

/** The demo's pages and its test call, mounted at `/demo`. `appAt` sends a request through the whole app. */
export function demoRoutes(appAt: (services: Services) => AppAt) {
  const clientOf = (services: Services, key: string) =>
    demoClient(appAt(services), services.config.public_url, key);

  return new Hono<HttpEnv>()
    .get("/", async (c) => {
      const stage = await stageOf(c.var.services);
      if (!stage) return problem(c, NO_DEMO);
      return c.html(landingPage(stage.cast.sites.fernhill));
    })

    .post("/seed", async (c) => {
      const { services } = c.var;
      if (!services.config.demo) return problem(c, NO_DEMO);
      const known = await stageOf(services);
      if (known) {
        await moveIn(clientOf(services, known.key), known.cast, services.clock.now());
        return c.json({ seeded: false });
      }
      const key = `rt_demo_${toBase64Url(services.ids.bytes(24))}`;
      await bootstrapNetwork(services, { name: "Larkspur Network", api_key: key });
      const client = clientOf(services, key);
      const at = services.clock.now();
      const cast = await makeCast(client, at - CAST_MS);
      const played = await playMonth(client, cast, at);
      const password = toBase64Url(services.ids.bytes(18));
      const { network_id } = cast;
      await makeLogins(services, password, {
        network: { id: network_id, kind: "network", name: "Larkspur Network", network_id },
        advertiser: { id: cast.advertiser_id, kind: "advertiser", name: "Redwood Plumbing", network_id },
        publisher: { id: cast.publishers.fernhill, kind: "publisher", name: "Fernhill Media", network_id },
      });
      await services.plans.put(STAGE, JSON.stringify({ cast, key, password } satisfies Stage));
      return c.json({ seeded: true, ...played });
    })

    .post("/call", async (c) => {
      const { services } = c.var;
      const stage = await stageOf(services);
      if (!stage) return problem(c, NO_DEMO);
      const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
      const parsed = body.ok ? parseObject(body.value) : body;
      if (!parsed.ok) return problem(c, parsed.error);
      const { to, connected_s } = parsed.value;
      if (typeof to !== "string" || typeof connected_s !== "number") {
        return problem(c, { kind: "malformed", detail: "Send the number shown and how long to talk." });
      }
      const client = clientOf(services, stage.key);
      return c.json(await placeCall(client, services, stage.cast, { to, connected_s }));
    })

    .get("/sign-in", async (c) => {
      const stage = await stageOf(c.var.services);
      const side = SIDES.find((known) => known === c.req.query("as"));
      if (!stage || !side) return problem(c, { kind: "not_found", what: "demo sign-in" });
      for (const cookie of await signIn(c.var.services, side, stage.password)) {
        c.header("set-cookie", cookie, { append: true });
      }
      // Else who had switched to another organization before would work there, whatever side is asked for.
      const { network_id, advertiser_id, publishers } = stage.cast;
      keepOrganization(
        c,
        { network: network_id, advertiser: advertiser_id, publisher: publishers.fernhill }[side],
      );
      return c.redirect("/");
    });
}
