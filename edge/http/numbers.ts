import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import {
  NewNumbers,
  NumberMove,
  NumberPatch,
  NumbersInput,
  StrayCallsList,
  TrackingNumber,
} from "../../shared/api/inventory.ts";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import { ok, type Result } from "../../shared/result.ts";
import { campaignIdsOf } from "../campaigns/store.ts";
import { addNumbers, type Place, retireNumber, sendNumber } from "../inventory/assign.ts";
import { findNumber, listNumbers, numberView, relabelNumber, type SeenNumber } from "../inventory/numbers.ts";
import { numbersChanged } from "../journeys/change-plans.ts";
import { freshenSessions } from "../journeys/fresh-sessions.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { strayCalls } from "../reporting/stray-calls.ts";
import { numbersImport } from "./numbers-import.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, conflict, fault, placeNamed, numbersRefused as refusal } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const numbersQuery = v.strictObject({
  ...listFields,
  campaign_id: v.optional(v.string()),
  pool_id: v.optional(v.string()),
  publisher_id: v.optional(v.string()),
});

/** Calls are rare, and a month of them is still remembered. */
const STRAYS_OF_MS = 28 * DAY_MS;

async function named(c: Context<HttpEnv>, id: string): Promise<Result<SeenNumber, Failure>> {
  const { db } = groundOf(c);
  const seen = await findNumber(db, c.var.viewer, await campaignIdsOf(db, c.var.viewer), id);
  return seen ? ok(seen) : absent("number");
}

/** The number of a change: one that is not retired. */
async function numberInUse(c: Context<HttpEnv>, id: string): Promise<Result<SeenNumber, Failure>> {
  const seen = await named(c, id);
  return seen.ok && seen.value.number.retired_at !== null ? conflict("This number is retired.") : seen;
}

/** What stands against a move that is only now written down: it lies outside the assignment that it ends. */
function lateMove(seen: SeenNumber, place: Place, effective_at: Instant | undefined, now: Instant) {
  if (effective_at === undefined) return null;
  if (place.is_honeypot !== (seen.assignment?.is_honeypot ?? false)) {
    return fault("/effective_at", "what a honeypot is, it is from now on: leave effective_at out");
  }
  if (effective_at > now) return fault("/effective_at", "must not lie in the future");
  const from_at = seen.assignment?.from_at ?? effective_at;
  return effective_at < from_at
    ? fault("/effective_at", `must not lie before the present assignment, which began at ${from_at}`)
    : null;
}

const changed = (c: Context<HttpEnv>, ids: readonly string[]) =>
  numbersChanged(c.var.services, c.var.viewer.network_id, ids);

/** `/numbers`: what is called. Which pool or campaign a number serves is an interval of time, never overwritten. */
export const numbers = new Hono<HttpEnv>()
  .post(
    "/",
    may("numbers.create"),
    described({
      summary: "Add numbers to a pool, or as static numbers of a campaign",
      description:
        "All of them or none. A static number with `publisher_id` proves that publisher. With `honeypot` it is shown " +
        "to nothing but programs that read pages, and whoever calls it is marked.",
      answers: { 201: NewNumbers },
    }),
    jsonBody(NumbersInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          const { telephony_account_id, e164 } = input;
          const refused = await refusal(c, telephony_account_id, e164, input.honeypot ? e164 : []);
          if (refused) return refused;
          const place = await placeNamed(c, input);
          return place.ok
            ? ok(addNumbers(groundOf(c), c.var.viewer, [{ input, place: place.value }]))
            : place;
        },
        ({ data }) =>
          changed(
            c,
            data.map((number) => number.id),
          ),
      ),
  )
  .route("/import", numbersImport)
  .get(
    "/strays",
    may("strays.list"),
    described({
      summary: "Calls to numbers that nobody was shown",
      description:
        "By number, of the last 28 days: numbers that were nobody's, and pools' numbers at a moment when no visitor " +
        "held them. A number that is hard-coded somewhere shows here.",
      answers: { 200: StrayCallsList },
    }),
    async (c) => {
      const { services, viewer } = c.var;
      await freshenSessions(services, viewer);
      const from = services.clock.now() - STRAYS_OF_MS;
      const data = await strayCalls(groundOf(c).db, { network_id: viewer.network_id, from });
      return c.json({ data }, 200);
    },
  )
  .get(
    "/",
    may("numbers.list"),
    described({ summary: "List numbers", answers: { 200: ListOf(TrackingNumber) } }),
    queryOf(numbersQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const { db } = groundOf(c);
      const own = await campaignIdsOf(db, c.var.viewer);
      const rows = await listNumbers(db, c.var.viewer, own, page.value, query);
      const view = (seen: SeenNumber) => numberView(c.var.viewer, seen);
      return c.json(
        toPage(rows, page.value.limit, (row) => [row.number.id], view),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("numbers.read"),
    described({ summary: "One number", answers: { 200: TrackingNumber } }),
    async (c) => {
      const seen = await named(c, c.req.param("id"));
      return seen.ok ? c.json(numberView(c.var.viewer, seen.value), 200) : problem(c, seen.error);
    },
  )
  .patch(
    "/:id",
    may("numbers.update"),
    described({ summary: "Change a number's label and sub ids", answers: { 200: TrackingNumber } }),
    jsonBody(NumberPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await numberInUse(c, c.req.param("id"));
          return seen.ok
            ? ok(relabelNumber(groundOf(c), c.var.viewer, seen.value, c.req.valid("json")))
            : seen;
        },
        (number) => changed(c, [number.id]),
      ),
  )
  .post(
    "/:id/move",
    may("numbers.move"),
    described({
      summary: "Move a number to another pool or campaign",
      description:
        "Within its campaign from this instant on; a call is always read with the assignment of its own moment. " +
        "On its way to another campaign it rests for `rest_s` first: shown to nobody, and its calls those of the " +
        "campaign it leaves, whose visitors still hold it. So does one that becomes a honeypot or was one.",
      answers: { 200: TrackingNumber },
    }),
    jsonBody(NumberMove),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await numberInUse(c, c.req.param("id"));
          if (!seen.ok) return seen;
          const asked = c.req.valid("json");
          const place = await placeNamed(c, asked);
          if (!place.ok) return place;
          const late = lateMove(seen.value, place.value, asked.effective_at, groundOf(c).now);
          return late ?? ok(sendNumber(groundOf(c), c.var.viewer, seen.value, place.value, asked));
        },
        (number) => changed(c, [number.id]),
      ),
  )
  .delete(
    "/:id",
    may("numbers.retire"),
    described({
      summary: "Retire a number",
      description: "Calls to it are refused from now on. It may be added anew later.",
      answers: { 204: null },
    }),
    (c) => {
      const id = c.req.param("id");
      const prepare = async () => {
        const seen = await named(c, id);
        return seen.ok ? ok(retireNumber(groundOf(c), seen.value)) : seen;
      };
      return commit(c, 204, prepare, () => changed(c, [id]));
    },
  );
