import { Hono } from "hono";
import { bootstrapNetwork } from "../accounts/bootstrap.ts";
import { parseObject, readBody } from "../http/support/body.ts";
import { type HttpEnv, problem } from "../http/support/context.ts";
import { upkeep } from "../journeys/upkeep.ts";
import { stretchDeadlines } from "../platform/deadline.ts";
import { D1_FAULTS, d1Statements, setD1Fault } from "./faults.ts";

const BODY_LIMIT_BYTES = 4_096;
/** A local database counts no queries, and who asks for scheduled work wants all of it done. */
const SCHEDULED_CALLS_MAX = 5_000;

/** `/__local/*`: what only a local run has. Not in the deployed bundle. */
export const localRoutes = new Hono<HttpEnv>()
  .post("/scheduled", async (c) => {
    return c.json(await upkeep(c.var.services, SCHEDULED_CALLS_MAX));
  })
  .post("/bootstrap", async (c) => {
    const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
    const parsed = body.ok ? parseObject(body.value) : body;
    if (!parsed.ok) return problem(c, parsed.error);
    const { api_key, name } = parsed.value;
    if (typeof api_key !== "string" || api_key.length < 16) {
      return problem(c, {
        kind: "invalid",
        faults: [{ pointer: "/api_key", detail: "must have at least 16 characters" }],
      });
    }
    return c.json(
      await bootstrapNetwork(c.var.services, { name: typeof name === "string" ? name : "Network", api_key }),
    );
  })
  .get("/d1", (c) => c.json({ statements: d1Statements() }))
  .post("/faults", async (c) => {
    const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
    const parsed = body.ok ? parseObject(body.value) : body;
    if (!parsed.ok) return problem(c, parsed.error);
    const wanted = D1_FAULTS.find((fault) => fault === parsed.value.d1);
    if (!wanted) {
      return problem(c, {
        kind: "invalid",
        faults: [{ pointer: "/d1", detail: `must be one of ${D1_FAULTS.join(", ")}` }],
      });
    }
    const { deadline_factor } = parsed.value;
    if (deadline_factor !== undefined && !isFactor(deadline_factor)) {
      return problem(c, {
        kind: "invalid",
        faults: [{ pointer: "/deadline_factor", detail: "must be a number from 1 to 100" }],
      });
    }
    setD1Fault(wanted);
    if (deadline_factor !== undefined) stretchDeadlines(deadline_factor);
    return c.json({ d1: wanted, ...(deadline_factor !== undefined && { deadline_factor }) });
  });

const isFactor = (value: unknown): value is number => typeof value === "number" && value >= 1 && value <= 100;
