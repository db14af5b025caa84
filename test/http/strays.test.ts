import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callNamed } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

describe("a call to a number that nobody owns", () => {
  it("came from none of the visitors for certain, in the list, on its page and in the download", async () => {
    const { world, own } = stage;
    const voice = `/v1/telephony/${own.sandbox_account_id}/voice`;
    await world.json(voice, { json: { call_id: "stray", from: "+14155550177", to: stage.e164() } });
    const { id, status, attribution } = await callNamed(world, "stray", world.at);
    expect(status).toBe("rejected");
    expect(attribution).toMatchObject({ method: "none", confidence: 1, none_probability: 1, candidates: [] });
    expect(await stage.json("admin", `/calls/${id}`)).toMatchObject({ attribution });
    const csv = await stage.as("admin", "/calls?q=stray&format=csv&columns=attribution,confidence");
    expect(await csv.text()).toBe("attribution,confidence\r\nnone,1\r\n");
  });

  it("is not what a call is whose source will yet be looked for", async () => {
    const { world, own } = stage;
    const voice = `/v1/telephony/${own.sandbox_account_id}/voice`;
    await world.json(voice, { json: { call_id: "open", from: "+14155550177", to: own.pool_numbers[0] } });
    const { attribution } = await callNamed(world, "open", world.at);
    expect(attribution).toMatchObject({ method: "none", confidence: 0, none_probability: 0 });
  });
});
