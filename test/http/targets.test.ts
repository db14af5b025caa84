import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { CampaignRouting, TargetGroup } from "../../shared/api/routing.ts";
import { Target } from "../../shared/api/targets.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshCampaign } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const HOURS = {
  timezone: "America/Los_Angeles",
  windows: [{ days: ["mon", "fri"], from: "08:00", to: "17:00" }],
  breaks: [{ days: ["mon"], from: "12:00", to: "13:00" }],
};
const targetBody = (s: Stage) => ({
  campaign_id: s.own.campaign_id,
  number: "sip:desk@pbx.example",
  name: "Front desk",
  priority: 2,
  weight: 3,
  timeout_s: 20,
  hours: HOURS,
  regions: ["US-CA"],
  hourly_cap: 5,
  daily_cap: 50,
  monthly_cap: 500,
  total_cap: 5_000,
  concurrency_cap: 2,
});
const groupBody = (s: Stage) => ({
  campaign_id: s.own.campaign_id,
  name: "East office",
  ringing: "simultaneous",
  daily_cap: 80,
});
const post = <T>(path: string, json: object) => stage.json<T>("admin", path, { json });
const freshTarget = (over: object = {}) => post<Target>("/targets", { ...targetBody(stage), ...over });
const freshGroup = () => post<TargetGroup>("/target-groups", groupBody(stage));

describe("/targets", () => {
  checkRoute(on, {
    operation: "targets.create",
    method: "POST",
    path: () => "/targets",
    body: targetBody,
    required: ["campaign_id", "number"],
    references: (s) => ({ campaign_id: s.foreign.campaign_id }),
    status: 201,
    answers: Target,
  });
  checkRoute(on, {
    operation: "targets.list",
    method: "GET",
    path: () => "/targets",
    status: 200,
    answers: ListOf(Target),
  });
  checkRoute(on, {
    operation: "targets.read",
    method: "GET",
    path: async () => `/targets/${(await freshTarget()).id}`,
    status: 200,
    answers: Target,
  });
  checkRoute(on, {
    operation: "targets.update",
    method: "PATCH",
    path: async () => `/targets/${(await freshTarget()).id}`,
    body: () => ({ number: "+14155550190", weight: 9, hours: null, daily_cap: null }),
    status: 200,
    answers: Target,
  });
  checkRoute(on, {
    operation: "targets.retire",
    method: "DELETE",
    path: async () => `/targets/${(await freshTarget()).id}`,
    status: 204,
  });
  checkRoute(on, {
    operation: "targets.pause",
    method: "POST",
    path: async () => `/targets/${(await freshTarget()).id}/pause`,
    body: (s) => ({ reason: "lunch", resume_at: s.world.at + 60_000 }),
    required: ["reason"],
    status: 200,
    answers: Target,
  });
  checkRoute(on, {
    operation: "targets.resume",
    method: "POST",
    path: async () => `/targets/${(await freshTarget()).id}/resume`,
    body: () => ({ reason: "back" }),
    optional_body: true,
    status: 200,
    answers: Target,
  });

  it("have defaults for what is not said, and nothing used yet", async () => {
    const { campaign_id } = stage.own;
    const made = await post<Target>("/targets", { campaign_id, number: "+14155550190" });
    expect(made).toMatchObject({
      priority: 1,
      weight: 1,
      timeout_s: 30,
      hours: null,
      regions: null,
      daily_cap: null,
    });
    expect(made.used).toEqual({ hour: 0, day: 0, month: 0, total: 0, concurrent: 0 });
    expect(await stage.json("admin", `/targets/${made.id}`)).toEqual(made);
  });

  it("ring an E.164 number or a sip: address, nothing else", async () => {
    for (const number of [
      "4155550190",
      "tel:+14155550190",
      "sip:a b@x.example",
      "sip:a@x.example;transport=udp",
      "",
    ]) {
      const asked = stage.as("admin", "/targets", { json: { ...targetBody(stage), number } });
      expect((await problemOf(await asked, 422)).errors?.[0]?.pointer).toBe("/number");
    }
  });

  it.each([
    ["00:00", "00:00"],
    ["09:00", "09:00"],
    ["24:00", "00:00"],
  ])(
    "refuses hours from %s to %s, which would never be, and says how to write a whole day",
    async (from, to) => {
      const never = { days: ["mon"], from, to };
      const json = (hours: object) => ({ ...targetBody(stage), hours: { ...HOURS, ...hours } });
      for (const list of ["windows", "breaks"]) {
        const asked = stage.as("admin", "/targets", { json: json({ [list]: [never] }) });
        const [fault] = (await problemOf(await asked, 422)).errors ?? [];
        expect(fault).toMatchObject({
          pointer: `/hours/${list}/0/to`,
          detail: expect.stringContaining("00:00 to 24:00"),
        });
      }
      const day = { windows: [{ days: ["mon"], from: "00:00", to: "24:00" }] };
      expect((await stage.as("admin", "/targets", { json: json(day) })).status).toBe(201);
    },
  );

  it("may have priority 0, the first of all", async () => {
    const first = await freshTarget({ priority: 0 });
    expect(first.priority).toBe(0);
    for (const wrong of [{ priority: -1 }, { priority: 1_001 }, { weight: 0 }]) {
      const asked = stage.as("admin", `/targets/${first.id}`, { method: "PATCH", json: wrong });
      expect((await problemOf(await asked, 422)).errors?.[0]?.pointer).toBe(`/${Object.keys(wrong)[0]}`);
    }
  });

  it("are in a group of their own campaign", async () => {
    const group = await freshGroup();
    const made = await freshTarget({ group_id: group.id });
    expect(made.group_id).toBe(group.id);
    const elsewhere = { ...targetBody(stage), campaign_id: await freshCampaign(stage), group_id: group.id };
    const refused = await problemOf(await stage.as("admin", "/targets", { json: elsewhere }), 404);
    expect(refused.errors?.[0]?.pointer).toBe("/group_id");
  });

  it("are listed by campaign, without the retired ones unless asked for", async () => {
    const campaign_id = await freshCampaign(stage);
    const [kept, gone] = [await freshTarget({ campaign_id }), await freshTarget({ campaign_id })];
    await stage.json("admin", `/targets/${gone.id}`, { method: "DELETE" });
    const list = async (query: string) =>
      (await stage.json<{ data: Target[] }>("admin", `/targets?campaign_id=${campaign_id}${query}`)).data.map(
        ({ id }) => id,
      );
    expect(await list("")).toEqual([kept.id]);
    expect(await list("&retired=true")).toEqual([kept.id, gone.id].toSorted());
    await problemOf(
      await stage.as("admin", `/targets/${gone.id}`, { method: "PATCH", json: { weight: 2 } }),
      409,
    );
  });

  it("are the advertiser's own phones, and no business of a publisher's", async () => {
    const made = await freshTarget();
    expect(await stage.json("advertiser", `/targets/${made.id}`)).toMatchObject({ number: made.number });
    await problemOf(await stage.as("publisher", `/targets/${made.id}`), 403);
  });

  it("are not paused until a moment that is over", async () => {
    const made = await freshTarget();
    const json = { reason: "lunch", resume_at: stage.world.at };
    const refused = await problemOf(await stage.as("admin", `/targets/${made.id}/pause`, { json }), 422);
    expect(refused.errors?.[0]?.pointer).toBe("/resume_at");
  });
});

describe("/target-groups", () => {
  checkRoute(on, {
    operation: "target_groups.create",
    method: "POST",
    path: () => "/target-groups",
    body: groupBody,
    required: ["campaign_id", "name"],
    references: (s) => ({ campaign_id: s.foreign.campaign_id }),
    status: 201,
    answers: TargetGroup,
  });
  checkRoute(on, {
    operation: "target_groups.list",
    method: "GET",
    path: () => "/target-groups",
    status: 200,
    answers: ListOf(TargetGroup),
  });
  checkRoute(on, {
    operation: "target_groups.read",
    method: "GET",
    path: async () => `/target-groups/${(await freshGroup()).id}`,
    status: 200,
    answers: TargetGroup,
  });
  checkRoute(on, {
    operation: "target_groups.update",
    method: "PATCH",
    path: async () => `/target-groups/${(await freshGroup()).id}`,
    body: () => ({ name: "West office", daily_cap: null }),
    status: 200,
    answers: TargetGroup,
  });
  checkRoute(on, {
    operation: "target_groups.retire",
    method: "DELETE",
    path: async () => `/target-groups/${(await freshGroup()).id}`,
    status: 204,
  });

  it("leave their targets behind when they are retired", async () => {
    const group = await freshGroup();
    const made = await freshTarget({ group_id: group.id });
    await stage.json("admin", `/target-groups/${group.id}`, { method: "DELETE" });
    expect(await stage.json("admin", `/targets/${made.id}`)).toMatchObject({
      group_id: null,
      retired_at: null,
    });
  });
});

describe("/campaigns/{id}/routing", () => {
  const path = (s: Stage) => `/campaigns/${s.own.campaign_id}/routing`;
  const filter = (over: object = {}) => ({
    when: [{ is: "anonymous" }],
    treatment: { action: "message", say: "Please show your number." },
    ...over,
  });
  checkRoute(on, { operation: "routing.read", method: "GET", path, status: 200, answers: CampaignRouting });
  checkRoute(on, {
    operation: "routing.update",
    method: "PATCH",
    path,
    body: () => ({
      filters: [filter()],
      sticky: false,
      early_drop_s: 10,
      suspended: { action: "voicemail" },
    }),
    status: 200,
    answers: CampaignRouting,
  });

  const refused = async (json: object) =>
    (await problemOf(await stage.as("admin", path(stage), { method: "PATCH", json }), 422)).errors ?? [];

  it("turns nobody away for a STIR/SHAKEN level alone", async () => {
    const stir = { is: "stir", levels: ["C", "failed", "none"] };
    const [fault] = await refused({ filters: [filter({ when: [stir] })] });
    expect(fault?.pointer).toBe("/filters/0/when");
    expect(fault?.detail).toMatch(/a level alone is no reason/);
    const together = { filters: [filter({ when: [stir, { is: "anonymous" }] })] };
    expect(await stage.json("admin", path(stage), { method: "PATCH", json: together })).toMatchObject(
      together,
    );
  });

  it("sends calls on to campaigns of the network only, and not to itself", async () => {
    const to = (campaign_id: string) => ({ action: "campaign", campaign_id });
    for (const campaign_id of [stage.foreign.campaign_id, stage.own.campaign_id]) {
      const [fault] = await refused({ filters: [filter({ treatment: to(campaign_id) })] });
      expect(fault?.pointer).toBe("/filters/0/treatment/campaign_id");
      expect((await refused({ suspended: to(campaign_id) }))[0]?.pointer).toBe("/suspended/campaign_id");
    }
    const json = { suspended: to(await freshCampaign(stage)) };
    expect(await stage.json("admin", path(stage), { method: "PATCH", json })).toMatchObject(json);
  });
});
