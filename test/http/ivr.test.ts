import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { CallFlowVersion } from "../../shared/api/ivr.ts";
import { FlowTrial } from "../../shared/api/ivr-trial.ts";
import { PLUMBER } from "../routing/ivr-menus.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshCampaign } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const menu = {
  start: "reason",
  nodes: [
    {
      kind: "menu",
      id: "reason",
      prompt: { say: "Press 1." },
      keys: [{ key: "1", to: "bye" }],
      otherwise: "bye",
    },
    { kind: "hang_up", id: "bye" },
  ],
};
const body = () => ({
  greeting: { say: "Welcome." },
  menu,
  recording: { decline_key: "9", heard_by: ["advertiser"] },
  whisper: { play: "https://sounds.example/whisper.mp3" },
  accept_key: "1",
  caller_id: "number",
  max_duration_s: 3_600,
  dead_air_s: 60,
  voicemail: { max_duration_s: 60 },
});

describe("/campaigns/{id}/call-flows", () => {
  checkRoute(on, {
    operation: "call_flows.create",
    method: "POST",
    path: (s) => `/campaigns/${s.own.campaign_id}/call-flows`,
    body,
    status: 201,
    answers: CallFlowVersion,
  });
  checkRoute(on, {
    operation: "call_flows.list",
    method: "GET",
    path: (s) => `/campaigns/${s.own.campaign_id}/call-flows`,
    status: 200,
    answers: ListOf(CallFlowVersion),
  });
  checkRoute(on, {
    operation: "call_flows.try",
    method: "POST",
    path: (s) => `/campaigns/${s.own.campaign_id}/call-flows/try`,
    body: (s) => ({ flow: body(), answers: ["1"], at: s.world.at, from: "+14155550177" }),
    optional_body: true,
    status: 200,
    answers: FlowTrial,
  });

  const post = async (path: string, json: unknown) => stage.as("admin", path, { method: "POST", json });
  const faultsOf = async (json: unknown) => {
    const { errors } = await problemOf(
      await post(`/campaigns/${await freshCampaign(stage)}/call-flows`, json),
      422,
    );
    return errors?.map(({ pointer }) => pointer);
  };

  it("keeps every version, the one in force first", async () => {
    const path = `/campaigns/${await freshCampaign(stage)}/call-flows`;
    for (const say of ["One.", "Two.", "Three."]) await post(path, { greeting: { say } });
    const listed = (await (await stage.as("admin", `${path}?limit=2`)).json()) as {
      data: { version: number }[];
      next_cursor: string;
    };
    expect(listed.data.map(({ version }) => version)).toEqual([3, 2]);
    const rest = (await (
      await stage.as("admin", `${path}?cursor=${listed.next_cursor}`)
    ).json()) as typeof listed;
    expect(rest.data.map(({ version }) => version)).toEqual([1]);
  });

  it("names every fault of a menu by its place", async () => {
    const nodes = [
      { ...menu.nodes[0], otherwise: "nowhere", keys: [{ key: "1", to: "reason" }] },
      menu.nodes[1],
    ];
    expect(await faultsOf({ menu: { start: "reason", nodes } })).toEqual(["/menu/nodes/0/otherwise"]);
    const round = [{ ...menu.nodes[0], keys: [{ key: "1", to: "reason" }] }, menu.nodes[1]];
    expect(await faultsOf({ menu: { start: "reason", nodes: round } })).toEqual(["/menu/nodes/0/keys/0/to"]);
    expect(await faultsOf({ menu, dead_air_s: 9 })).toEqual(["/menu/nodes/0/timeout_s"]);
  });

  it("rings nobody that is not the campaign's, and shows no stranger's number", async () => {
    expect(await faultsOf({ menu: PLUMBER })).toEqual([
      "/menu/nodes/4/group_id",
      "/menu/nodes/5/target_ids/0",
    ]);
    expect(await faultsOf({ caller_id: "+14155559999" })).toEqual(["/caller_id"]);
  });

  it("asks for no payment card", async () => {
    const card = {
      kind: "number_question",
      id: "card",
      prompt: { say: "?" },
      digits_max: 16,
      to: "bye",
      otherwise: "bye",
    };
    expect(await faultsOf({ menu: { start: "card", nodes: [card, menu.nodes[1]] } })).toEqual([
      "/menu/nodes/0/digits_max",
    ]);
  });

  it("tries a draft by the steps that a call takes", async () => {
    const path = `/campaigns/${await freshCampaign(stage)}/call-flows/try`;
    const tried = async (answers: string[]) =>
      (await (await post(path, { flow: { menu }, answers })).json()) as FlowTrial;
    expect((await tried([])).now).toMatchObject({ kind: "ask", node: "reason", keys: ["1"] });
    const ended = await tried(["7", "1"]);
    expect(ended.passed).toMatchObject([
      { node: "reason", keys: "7" },
      { node: "reason", keys: "1" },
    ]);
    expect(ended.now).toMatchObject({ kind: "hang_up", has_more_answers: false });
    expect((await tried(["1", "1"])).now.has_more_answers).toBe(true);
  });
});
