import { describe, expect, it } from "vitest";
import { type Env, readConfig } from "../edge/config.ts";
import { toBase64Url } from "../edge/platform/crypto.ts";

const bound = {} as Env["DB"] & Env["PLANS"] & Env["POOL"];
const complete: Env = {
  DB: bound,
  PLANS: bound,
  POOL: bound,
  PUBLIC_URL: "https://calls.example/",
  MASTER_KEY: toBase64Url(new Uint8Array(32).fill(7)),
};
const faultsOf = (env: Partial<Env>, local = false) => {
  const read = readConfig({ ...complete, ...env } as Env, local);
  return read.ok ? [] : read.error.map((fault) => fault.split(":")[0]);
};

describe("the environment", () => {
  it("is read whole: an origin without its slash, the system's clock, no demo", () => {
    const read = readConfig(complete, false);
    expect(read).toMatchObject({
      ok: true,
      value: { public_url: "https://calls.example", clock: "system", demo: false },
    });
  });

  it("has every fault named at once", () => {
    const nothing = readConfig({} as Env, false);
    expect(nothing.ok ? [] : nothing.error.map((fault) => fault.split(":")[0])).toEqual([
      "DB",
      "PLANS",
      "POOL",
      "PUBLIC_URL",
      "MASTER_KEY",
    ]);
    const wrong = {
      PUBLIC_URL: "calls.example",
      MASTER_KEY: "short",
      CLOCK: "sundial",
      PROVIDER_APIS: "[1]",
    };
    expect(faultsOf(wrong, true)).toEqual(["PUBLIC_URL", "MASTER_KEY", "CLOCK", "PROVIDER_APIS"]);
  });

  it.each([
    { PUBLIC_URL: "https://calls.example/path" },
    { PUBLIC_URL: "https://calls.example?x" },
    { PUBLIC_URL: "javascript:alert(1)" },
    { MASTER_KEY: "" },
    { MASTER_KEY: toBase64Url(new Uint8Array(31)) },
    { MASTER_KEY: "%%%" },
    { PROXY_TOKEN: "guessable" },
  ])("is refused with %o", (env) => {
    expect(faultsOf(env)).toEqual([Object.keys(env)[0]]);
  });

  it("lets only a local run set the clock, have a demo, or send providers' requests elsewhere", () => {
    expect(faultsOf({ CLOCK: "header" })).toEqual(["CLOCK"]);
    const env = { ...complete, SEED: "demo", PROVIDER_APIS: '{"twilio":"http://127.0.0.1:1"}' };
    const local = readConfig({ ...env, CLOCK: "header" }, true);
    expect(local).toMatchObject({ ok: true, value: { clock: "header", demo: true } });
    expect(local.ok && local.value.provider_apis.get("twilio")).toBe("http://127.0.0.1:1");
    const deployed = readConfig(env, false);
    expect(deployed.ok && [deployed.value.demo, deployed.value.provider_apis.size]).toEqual([false, 0]);
  });
});
