import { Hono } from "hono";
import { tellSoon } from "../journeys/webhooks/run.ts";
import { advertisers } from "./advertisers.ts";
import { apiKeys } from "./api-keys.ts";
import { history } from "./call-history.ts";
import { calls } from "./calls.ts";
import { campaigns } from "./campaigns.ts";
import { callDisputes, disputes } from "./disputes.ts";
import { enrollments } from "./enrollments.ts";
import { handOver } from "./hand-over.ts";
import { callFlows } from "./ivr.ts";
import { ledger } from "./ledger.ts";
import { me } from "./me.ts";
import { network } from "./network.ts";
import { numbers } from "./numbers.ts";
import { serveDocument } from "./openapi.ts";
import { enrollmentPauses, numberPauses } from "./pauses.ts";
import { currentUser } from "./people.ts";
import { poolModels } from "./pool-models.ts";
import { pools } from "./pools.ts";
import { publishers } from "./publishers.ts";
import { recordings } from "./recordings.ts";
import { replays } from "./replays.ts";
import { reports } from "./reports.ts";
import { routing } from "./routing.ts";
import { routingPreview } from "./routing-preview.ts";
import { sessions } from "./sessions.ts";
import { signals } from "./signals.ts";
import { signalsImport } from "./signals-import.ts";
import { sites } from "./sites.ts";
import { statements } from "./statements.ts";
import { authenticated } from "./support/auth.ts";
import { drain } from "./support/body.ts";
import type { HttpEnv } from "./support/context.ts";
import { targetGroups } from "./target-groups.ts";
import { targets } from "./targets.ts";
import { telephonyAccounts } from "./telephony-accounts.ts";
import { telephonyApis } from "./telephony-apis.ts";
import { trackingLinks } from "./tracking-links.ts";
import { users } from "./users.ts";
import { webhookDeliveries } from "./webhook-deliveries.ts";
import { webhooks } from "./webhooks.ts";

/** Every resource of the account API; whoever asks is known before anything else happens, and what a change brings about is told. */
const resources = new Hono<HttpEnv>()
  .use(authenticated(currentUser))
  .use(async (c, next) => {
    await next();
    if (c.req.method !== "GET") tellSoon(c.var.services, c.var.viewer.network_id);
  })
  .route("/me", me)
  .route("/network", network)
  .route("/advertisers", advertisers)
  .route("/publishers", publishers)
  .route("/campaigns", campaigns)
  .route("/campaigns", enrollments)
  .route("/campaigns", routing)
  .route("/enrollments", enrollmentPauses)
  .route("/targets", targets)
  .route("/target-groups", targetGroups)
  .route("/routing-preview", routingPreview)
  .route("/campaigns", callFlows)
  .route("/telephony-accounts", telephonyAccounts)
  .route("/telephony-accounts", telephonyApis)
  .route("/pools", pools)
  .route("/pools", poolModels)
  .route("/numbers", numbers)
  .route("/numbers", numberPauses)
  .route("/sites", sites)
  .route("/tracking-links", trackingLinks)
  .route("/calls", calls)
  .route("/calls", signals)
  .route("/calls", callDisputes)
  .route("/calls", handOver)
  .route("/calls", history)
  .route("/calls", recordings)
  .route("/signals", signalsImport)
  .route("/disputes", disputes)
  .route("/ledger", ledger)
  .route("/sessions", sessions)
  .route("/reports", reports)
  .route("/replays", replays)
  .route("/statements", statements)
  .route("/api-keys", apiKeys)
  .route("/users", users)
  .route("/webhooks", webhooks)
  .route("/webhooks", webhookDeliveries);

/** The account zone, mounted at `/api/v1`. Its document needs no key. */
export const account = new Hono<HttpEnv>()
  .use(async (c, next) => {
    await next();
    await drain(c.req.raw);
  })
  .get("/openapi.json", serveDocument(resources))
  .route("/", resources);

/** The routes with what they take and answer, for `hono/client` in the dashboard. */
export type AccountApi = typeof account;
