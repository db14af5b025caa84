import type { Context } from "hono";
import type { Used } from "../../../shared/api/routing.ts";
import { ok, type Result } from "../../../shared/result.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import { campaignChanged } from "../../journeys/change-plans.ts";
import type { Change, Ground } from "../../platform/change.ts";
import type { Db } from "../../platform/db.ts";
import { type PageAsk, toPage } from "../../platform/paging.ts";
import type { Failure } from "../../platform/problem.ts";
import { commit, groundOf } from "./commit.ts";
import { type HttpEnv, problem } from "./context.ts";
import { byId, pageAsked } from "./list.ts";
import { absent, campaignNamed } from "./references.ts";
import { usedBy, usedNow } from "./used.ts";

type Decided<T> = Result<Change<T>, Failure>;
type ListAsked = Parameters<typeof pageAsked>[0] & { campaign_id?: string | undefined };

/** A resource that takes a campaign's calls: how its rows are found and shown, with what they used of their caps. */
type Part<Row, View> = {
  /** What it is called in a problem: "target". */
  name: string;
  find(db: Db, viewer: Viewer, id: string): Promise<Row | null>;
  list(db: Db, viewer: Viewer, page: PageAsk, asked: ListAsked): Promise<Row[]>;
  view(row: Row, used: Used): View;
};

/**
 * The answers that `/targets` and `/target-groups` have in common: they belong to a campaign, have caps whose use is
 * shown, and every change of them changes how that campaign's numbers ring.
 */
export function campaignPart<
  Row extends { id: string; campaign_id: string },
  View extends { campaign_id: string },
>(part: Part<Row, View>) {
  type C = Context<HttpEnv>;

  async function named(c: C): Promise<Result<Row, Failure>> {
    const row = await part.find(groundOf(c).db, c.var.viewer, c.req.param("id") ?? "");
    return row ? ok(row) : absent(part.name);
  }
  const changed = (c: C) => (row: { campaign_id: string }) =>
    campaignChanged(c.var.services, c.var.viewer.network_id, row.campaign_id);

  return {
    create(c: C, campaign_id: string, make: (ground: Ground) => Decided<View> | Promise<Decided<View>>) {
      const prepare = async () => {
        const campaign = await campaignNamed(c, campaign_id);
        return campaign.ok ? make(groundOf(c)) : campaign;
      };
      return commit(c, 201, prepare, changed(c));
    },
    async list(c: C, asked: ListAsked) {
      const page = pageAsked(asked);
      if (!page.ok) return problem(c, page.error);
      const rows = await part.list(groundOf(c).db, c.var.viewer, page.value, asked);
      const used = await usedNow(c, rows);
      return c.json(
        toPage(rows, page.value.limit, byId, (row) => part.view(row, used(row))),
        200,
      );
    },
    async read(c: C) {
      const row = await named(c);
      return row.ok ? c.json(part.view(row.value, await usedBy(c, row.value)), 200) : problem(c, row.error);
    },
    /** Commits what a request changes of the one that its path names. */
    change(c: C, next: (row: Row, used: Used) => Decided<View> | Promise<Decided<View>>) {
      const prepare = async () => {
        const row = await named(c);
        return row.ok ? next(row.value, await usedBy(c, row.value)) : row;
      };
      return commit(c, 200, prepare, changed(c));
    },
    async retire(c: C, retirement: (ground: Ground, row: Row) => Change<null>) {
      const row = await named(c);
      return commit(
        c,
        204,
        async () => (row.ok ? ok(retirement(groundOf(c), row.value)) : row),
        async () => (row.ok ? changed(c)(row.value) : undefined),
      );
    },
  };
}
