import { Hono } from "hono";
import * as v from "valibot";
import { Format, ListOf, ListQuery } from "../../shared/api/common.ts";
import {
  DecisionInput,
  DISPUTE_SIDES,
  DISPUTE_STATES,
  DISPUTE_WINDOW_DAYS,
  Dispute,
  DisputeInput,
} from "../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { decideDispute, openDispute, settleDispute } from "../journeys/dispute.ts";
import { sightOf } from "../journeys/show-calls.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import { type DisputePlace, findDispute, listDisputes, wholeDisputes } from "../reporting/disputes.ts";
import { type DisputeFile, type DisputeSight, disputeView } from "../settlement/dispute-views.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { moment } from "./support/query.ts";
import { downloaded } from "./support/rows.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const DisputesQuery = v.strictObject({
  ...ListQuery,
  from: v.optional(moment),
  to: v.optional(moment),
  status: v.optional(v.picklist(DISPUTE_STATES, `must be one of ${DISPUTE_STATES.join(", ")}`)),
  side: v.optional(v.picklist(DISPUTE_SIDES, "must be revenue or payout")),
  call_id: v.optional(v.pipe(v.string(), v.maxLength(100, "is no id of a call"))),
  campaign_id: v.optional(v.pipe(v.string(), v.maxLength(100, "is no id of a campaign"))),
  format: v.optional(Format),
});

const BEGINNING = [
  ...(["id", "opened_at", "status", "side", "claim", "opened_by", "reason", "detail"] as const),
  ...([
    "decided_at",
    "note",
    "call_id",
    "call_started_at",
    "campaign_id",
    "advertiser_id",
    "currency",
  ] as const),
];
const OWED = ["revenue_micros", "advertiser_credit_micros"] as const;
const EARNED = ["payout_micros", "publisher_debit_micros"] as const;

/** The columns of a role's export: what it may not see has no column. */
const COLUMNS: Readonly<Record<OrganizationKind, readonly (keyof Dispute)[]>> = {
  network: [...BEGINNING, "publisher_id", "publisher_alias", ...OWED, ...EARNED],
  advertiser: [...BEGINNING, "publisher_alias", ...OWED],
  publisher: [...BEGINNING, "publisher_id", ...EARNED],
};

const OPENING = [
  "An advertiser disputes what it owes, a publisher a payout that it did not get, was reversed or was lowered, a",
  "network either (`side`). While it is open nothing of that side is paid out, and a payout waits for what it is paid",
  `out of; nothing is reversed. Within ${DISPUTE_WINDOW_DAYS} days after the money changed last, and once: a decision`,
  "stands until it changes again. At most one dispute is open for a call and side. What is written is read by all who",
  "read the dispute.",
].join(" ");

const DECIDING = [
  "`accepted` reverses all that is booked: what the advertiser owes and the payout with it, or the payout alone where",
  "that is disputed; of a publisher's claim it makes the payout due whatever other rules say. `partial` books",
  "adjustments of the given amounts, at most what is booked; of a publisher's claim `publisher_debit_micros` is left out",
  "of the payout. `declined` frees what was held. A decision is final, and a fact that every later judgement reads.",
].join(" ");

function placeOf(cursor: readonly (string | number)[] | null): DisputePlace | null {
  const [opened_at, id] = cursor ?? [];
  return typeof opened_at === "number" && typeof id === "string" ? { opened_at, id } : null;
}

/** `/calls/{id}/disputes`: somebody says that what is owed or earned for a call is wrong. */
export const callDisputes = new Hono<HttpEnv>().post(
  "/:id/disputes",
  may("disputes.create"),
  described({
    summary: "Dispute what is owed or earned for a call",
    description: OPENING,
    answers: { 201: Dispute },
  }),
  jsonBody(DisputeInput),
  (c) => {
    const { services, viewer } = c.var;
    const call_id = c.req.param("id");
    return commit(
      c,
      201,
      () => openDispute(services, groundOf(c), viewer, call_id, c.req.valid("json")),
      () => settleDispute(services, viewer, call_id),
    );
  },
);

/** `/disputes`: what is disputed, and what was decided of it. */
export const disputes = new Hono<HttpEnv>()
  .get(
    "/",
    may("disputes.list"),
    described({
      summary: "List disputes, newest first",
      description:
        "A network sees all of its own, an advertiser those about what it owes, a publisher those that concern a payout " +
        "of its own. With `format=csv` or `format=ndjson` all matching ones are streamed, whatever the limit.",
      answers: { 200: ListOf(Dispute) },
    }),
    queryOf(DisputesQuery),
    async (c) => {
      const { services, viewer } = c.var;
      const { limit = PAGE_LIMIT_DEFAULT, cursor, format = "json", ...filter } = c.req.valid("query");
      const after = decodeCursor(cursor, ["number", "string"]);
      if (!after.ok) return problem(c, after.error);
      const { db } = groundOf(c);
      const { shows } = await sightOf(services, viewer);
      const sight: DisputeSight = { ...viewer, sees_publishers: shows.publishers };
      if (format !== "json") {
        const all = viewsOf(wholeDisputes(db, viewer, filter), sight);
        return downloaded("disputes", format, COLUMNS[viewer.kind], all);
      }
      const files = await listDisputes(db, viewer, filter, placeOf(after.value), limit + 1);
      const page = toPage(
        files,
        limit,
        ({ dispute }) => [dispute.opened_at, dispute.id],
        (file) => disputeView(file, sight),
      );
      return c.json(page, 200);
    },
  )
  .get(
    "/:id",
    may("disputes.read"),
    described({ summary: "One dispute", answers: { 200: Dispute } }),
    async (c) => {
      const { services, viewer } = c.var;
      const file = await findDispute(groundOf(c).db, viewer, c.req.param("id"));
      if (!file) return problem(c, { kind: "not_found", what: "dispute" });
      const { shows } = await sightOf(services, viewer);
      return c.json(disputeView(file, { ...viewer, sees_publishers: shows.publishers }), 200);
    },
  )
  .post(
    "/:id/decision",
    may("disputes.decide"),
    described({ summary: "Decide a dispute", description: DECIDING, answers: { 200: Dispute } }),
    jsonBody(DecisionInput),
    (c) => {
      const { services, viewer } = c.var;
      const id = c.req.param("id");
      return commit(
        c,
        200,
        () => decideDispute(services, groundOf(c), viewer, id, c.req.valid("json")),
        ({ call_id }) => settleDispute(services, viewer, call_id),
      );
    },
  );

async function* viewsOf(pages: AsyncIterable<DisputeFile[]>, sight: DisputeSight): AsyncGenerator<Dispute[]> {
  for await (const page of pages) yield page.map((file) => disputeView(file, sight));
}
