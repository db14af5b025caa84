import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../shared/api/reports.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

const reportFor = (who: Who, query: string) => stage.json<Report>(who, `/reports?${query}`);

describe("an open call to a publisher's number", () => {
  const ring = (call_id: string, to: string) =>
    stage.world.json(`/v1/telephony/${stage.own.sandbox_account_id}/voice`, {
      json: { call_id, from: "+14155550179", to },
    });

  it("tells an advertiser no word of the publisher's, in groups, filters or downloads", async () => {
    const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id, pool_numbers } = stage.own;
    const from = stage.world.at;
    const [printed, moved] = [stage.e164(), stage.e164()];
    const said = { telephony_account_id, campaign_id, label: "Fernhill static", sub1: "fern-st" };
    await stage.json("admin", "/numbers", { json: { ...said, e164: [printed, moved], publisher_id } });
    const own = { ...said, e164: [stage.e164()], label: "Billboard", sub1: "road" };
    await stage.json("admin", "/numbers", { json: own });
    const list = await stage.json<{ data: { id: string; e164: string }[] }>("admin", "/numbers?limit=200");
    const numbered = (e164 = "") => list.data.find((number) => number.e164 === e164)?.id;
    const change = (e164: string | undefined, json: object) =>
      stage.json("admin", `/numbers/${numbered(e164)}`, { method: "PATCH", json });
    await change(pool_numbers[0], { label: "Fernhill pool", sub1: "fern-pool" });
    // It is the network's own from now on; what it is called is still the publisher's word.
    await stage.json("admin", `/numbers/${numbered(moved)}/move`, { json: { campaign_id } });
    for (const [i, to] of [printed, moved, own.e164[0]!, pool_numbers[0]!].entries()) {
      await ring(`open-${i}`, to);
    }
    const asked = `metrics=calls&from=${from}&to=${from + DAY_MS}`;
    const seen = await reportFor("advertiser", `${asked}&group_by=label,sub1`);
    expect(seen.data).toEqual([
      { label: null, sub1: null, calls: 3 },
      { label: "Billboard", sub1: "road", calls: 1 },
    ]);
    const found = async (who: Who, filter: string) =>
      (await reportFor(who, `${asked}&${filter}`)).totals.calls;
    expect(await found("advertiser", "label=Fernhill%20static")).toBe(0);
    expect(await found("advertiser", "sub1=fern-pool")).toBe(0);
    expect(await found("admin", "label=Fernhill%20static")).toBe(2);
    expect(await found("admin", "sub1=fern-pool")).toBe(1);
    for (const path of [
      "/calls?limit=200",
      "/calls?format=csv",
      `/reports?${asked}&group_by=label&format=csv`,
    ]) {
      expect((await (await stage.as("advertiser", path)).text()).toLowerCase()).not.toContain("fern");
    }
    expect(await stage.json("advertiser", "/calls?q=fern")).toMatchObject({ data: [] });
  });
});
