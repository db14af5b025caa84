import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { Session } from "../../shared/api/sessions.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { PAGE_ORIGIN, SWAP_NUMBER } from "../support/inventory.ts";
import { type Stage, setStage } from "../support/stage.ts";

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";

let stage: Stage;
/** A session on the publisher's own site, one on the network's own traffic, one of the stranger's. */
let publishers: string;
let networks: string;
let strangers: string;

async function visit(site: string, visitor: string): Promise<string> {
  const url = `${PAGE_ORIGIN}/?utm_source=newsletter&utm_medium=email`;
  const reply = await stage.world.json<{ lease: string }>("/v1/leases", {
    key: null,
    as_text: JSON.stringify({ site, url, referrer: "", visitor }),
    headers: { origin: PAGE_ORIGIN, "user-agent": CHROME },
  });
  return reply.lease;
}

type Listed = { data: Session[]; next_cursor: string | null };
const list = (who: Parameters<Stage["json"]>[0], query = "") => stage.json<Listed>(who, `/sessions${query}`);

beforeAll(async () => {
  stage = await setStage();
  const { own, foreign } = stage;
  const pool = await stage.json<{ id: string }>("admin", "/pools", {
    json: { campaign_id: own.campaign_id, name: "Own traffic" },
  });
  await stage.json("admin", "/numbers", {
    json: { telephony_account_id: own.sandbox_account_id, e164: ["+15105550101"], pool_id: pool.id },
  });
  const site = await stage.json<{ key: string }>("admin", "/sites", {
    json: {
      campaign_id: own.campaign_id,
      pool_id: pool.id,
      origins: [PAGE_ORIGIN],
      swap_numbers: [SWAP_NUMBER],
    },
  });
  publishers = await visit(own.site_key, "ann");
  stage.world.at += 1_000;
  networks = await visit(site.key, "bob");
  stage.world.at += 1_000;
  strangers = await visit(foreign.site_key, "cat");
});
afterAll(() => stage?.stop());

describe("/sessions", () => {
  checkRoute(() => stage, {
    operation: "sessions.list",
    method: "GET",
    path: () => "/sessions",
    status: 200,
    answers: ListOf(Session),
  });
  checkRoute(() => stage, {
    operation: "sessions.read",
    method: "GET",
    path: async () => `/sessions/${(await list("admin")).data[0]?.id}`,
    status: 200,
    answers: Session,
  });

  it("shows sessions that were not in D1 yet, newest first, and to a network all of hers", async () => {
    const { data } = await list("admin");
    expect(data.map((session) => session.lease_id)).toEqual([networks, publishers]);
    expect(data.map((session) => session.visitor)).toEqual(["bob", "ann"]);
    expect(data.every((session) => session.number_id?.startsWith("num_"))).toBe(true);
    const theirs = await list("stranger");
    expect(theirs.data.map((session) => session.lease_id)).toEqual([strangers]);
  });

  it("shows a publisher its own and an advertiser those on its own sites, without lease, number and visitor", async () => {
    const publisher = await list("publisher");
    expect(publisher.data).toMatchObject([
      { publisher_id: stage.own.publisher_id, publisher_proof: "number" },
    ]);
    const advertiser = await list("advertiser");
    expect(advertiser.data).toMatchObject([{ publisher_id: null, publisher_proof: "none" }]);
    expect((await list("other_publisher")).data).toEqual([]);
    for (const session of [...publisher.data, ...advertiser.data]) {
      expect(session).not.toHaveProperty("lease_id");
      expect(session).not.toHaveProperty("number_id");
      expect(session).not.toHaveProperty("visitor");
    }
  });

  it("does not find what the viewer may not see, nor what is no id", async () => {
    const { data } = await list("admin");
    const [own, fernhills] = data;
    await problemOf(await stage.as("stranger", `/sessions/${own?.id}`), 404);
    await problemOf(await stage.as("publisher", `/sessions/${own?.id}`), 404);
    await problemOf(await stage.as("advertiser", `/sessions/${fernhills?.id}`), 404);
    for (const id of ["ses_nobodys", "ses_AAAAAAAAAAAAAA", publishers, "x".repeat(5_000)]) {
      await problemOf(await stage.as("admin", `/sessions/${id}`), 404);
    }
  });

  it("pages and filters", async () => {
    const first = await list("admin", "?limit=1");
    expect(first.data).toHaveLength(1);
    const second = await list("admin", `?limit=1&cursor=${first.next_cursor}`);
    expect(second.data[0]?.lease_id).toBe(publishers);
    expect(second.next_cursor).toBeNull();
    const at = second.data[0]?.leased_at ?? 0;
    expect((await list("admin", `?from=${at}&to=${at + 1}`)).data).toHaveLength(1);
    expect((await list("admin", `?to=${at}`)).data).toEqual([]);
    expect((await list("admin", `?site_id=${stage.own.site_id}`)).data).toHaveLength(1);
    for (const query of ["?cursor=bm9uc2Vuc2U", "?from=yesterday", "?limit=201", "?nonsense=1"]) {
      await problemOf(await stage.as("admin", `/sessions${query}`), 422);
    }
  });
});
