import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, startDemo } from "../support/demo-world.ts";
import { keepAnswers, leaksIn, type Secrets, wordsIn } from "./answers.ts";
import { inNavOf, openWindow, textOf, type Window } from "./window.ts";

/**
 * The pages of an advertiser and of a publisher over the demo's month: nothing wrong to look at, and nothing of what
 * is the other's business, neither on the page nor in an answer to it nor in what it exports.
 */

type Named = { data: { id: string; name: string }[] };

const USD = 1_000_000;
/** Whom the demo's campaign rings. */
const TARGETS = ["+14155550199", "+15105550195", "+14155550194"];
const SITES = { fernhill: "plumber-now.example", bluegate: "best-plumbers.example" };

let world: DemoWorld;
let browser: Browser;
let network: Window;
let secrets: Record<"advertiser" | "publisher", Secrets>;

beforeAll(async () => {
  [world, browser] = await Promise.all([startDemo(), launchChromium()]);
  network = await openWindow(browser, world, "network");
  const publishers = (await network.known<Named>("/publishers")).data;
  const calls = (await network.known<{ data: Call[] }>("/calls?limit=200")).data;
  expect(publishers).toHaveLength(3);
  expect(calls.length).toBeGreaterThan(50);
  secrets = secretsOf(publishers, calls);
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

function secretsOf(publishers: Named["data"], calls: readonly Call[]): typeof secrets {
  const others = publishers.filter(({ name }) => name !== "Fernhill Media");
  const dialled = new Set(calls.map(({ to }) => to));
  const callers = calls.flatMap(({ from }) => (from && !dialled.has(from) ? [from] : []));
  const identity = ({ id, name }: { id: string; name: string }) => [id, name, name.replace("&", "&amp;")];
  return {
    publisher: {
      names: /revenue|margin|^target$|^legs$|destination_number/,
      amounts: [70 * USD, 22 * USD, 25 * USD],
      words: [...others.flatMap(identity), ...callers, SITES.bluegate, ...TARGETS, "70.00", "22.00"],
    },
    advertiser: {
      names: /payout|margin/,
      amounts: [48 * USD, 45 * USD, 22 * USD, 25 * USD],
      words: [...publishers.flatMap(identity), ...Object.values(SITES), "48.00", "45.00", "22.00"],
    },
  };
}

describe.each(["advertiser", "publisher"] as const)("the %s", (side) => {
  let window: Window;
  let kept: Awaited<ReturnType<typeof keepAnswers>>;
  let call: string;
  beforeAll(async () => {
    window = await openWindow(browser, world, side);
    kept = await keepAnswers(window.page);
    call = await window.addressOf("/calls/:id");
  });
  afterAll(async () => {
    await kept.end();
    await window.context.close();
  });

  /** What the page exports, as its links do. */
  async function leaksInExports(): Promise<string[]> {
    const links = await window.page.locator('a[href*="format=csv"]').all();
    const exported = links.map(async (link) => {
      const url = `${world.url}${await link.getAttribute("href")}`;
      const body = await (await window.page.request.get(url)).text();
      expect(body.split("\n").length, url).toBeGreaterThan(1);
      return { url, body };
    });
    return leaksIn(await Promise.all(exported), secrets[side]);
  }

  it.each([...inNavOf(side), "one call", "one call over the log"])(
    "%s: no fault, and nothing that is not its business",
    async (name) => {
      const paths: Record<string, string> = {
        "one call": call,
        "one call over the log": `/calls?call=${call.slice("/calls/".length)}`,
      };
      const path = paths[name] ?? name;
      const before = (await kept.all()).length;
      await window.open(path);
      expect(await window.faults()).toEqual([]);
      const answers = (await kept.all()).slice(before);
      expect(answers.length).toBeGreaterThan(0);
      const leaks = [
        ...wordsIn(`page ${path}`, await textOf(window.page), secrets[side]),
        ...leaksIn(answers, secrets[side]),
        ...(await leaksInExports()),
      ];
      expect(leaks).toEqual([]);
    },
  );
});

it("the network is told all of it, so a leak would be found", async () => {
  const kept = await keepAnswers(network.page);
  const { data } = await network.known<{ data: Call[] }>("/calls?limit=200");
  const paid = data.find(({ payout }) => payout?.status === "qualified");
  await network.open(`/calls/${paid?.id}`);
  const answers = await kept.all();
  for (const side of ["advertiser", "publisher"] as const) {
    const leaks = leaksIn(answers, secrets[side]).join("\n");
    expect(leaks).toMatch(/field/);
    expect(leaks).toMatch(/is \d+/);
  }
  expect(wordsIn("page", await textOf(network.page), secrets.publisher)).not.toEqual([]);
  await kept.end();
});
