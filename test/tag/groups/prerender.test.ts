import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildTag } from "../../../bin/build-tag.ts";
import { findChromium } from "../../support/chromium.ts";
import { leased, Stage } from "../stage.ts";
import { BODY, eventually, LEASED } from "../visitor.ts";

/**
 * Group 10: a page that the browser really prerenders. Whoever drives Chromium from outside keeps prerendered pages
 * from running, so here the pages do everything themselves and tell the stage.
 */

const RULES =
  '<script type="speculationrules">{ "prerender": [{ "urls": ["/next"], "eagerness": "immediate" }] }</script>';
/** More than one look at the clock. */
const WHILE_MS = 600;

it("leases nothing while it is prerendered, and a number as soon as it is shown", async () => {
  const stage = new Stage(await buildTag());
  await stage.open();
  const tell = (lease: string, what: string) =>
    `fetch("${stage.worker}/v1/leases/${lease}/events", { method: "POST", body: JSON.stringify({ type: ${what} }) })`;
  const first = `${RULES}<script>addEventListener("storage", ({ key }) => { if (key === "ready") location.href = "/next" })</script>`;
  const next = `${stage.snippet()}<script>
    addEventListener("load", () => setTimeout(async () => {
      await ${tell("before", "document.prerendering")};
      localStorage.ready = true;
    }, ${WHILE_MS}));
    document.addEventListener("ringtrail:swap", () => {
      ${tell("shown", 'document.querySelector("#number").textContent')};
    });
  </script>`;
  stage.pages.set("/", { html: `<!doctype html>${first}` });
  stage.pages.set("/next", { html: `<!doctype html>${next}${BODY}` });
  const told_before: unknown[] = [];
  stage.answer = () => {
    told_before.push(stage.reportedOf("before"));
    return leased("+16285550101");
  };

  const { path, flags } = await findChromium();
  const profile = await mkdtemp(join(tmpdir(), "ringtrail-prerender-"));
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const browser = spawn(path, [...flags, ...own, stage.site], { stdio: "ignore" });
  const ended = new Promise((done) => browser.once("exit", done));
  try {
    await eventually(() => stage.reportedOf("shown")).toEqual([LEASED]);
    expect(told_before).toEqual([[true]]);
  } finally {
    browser.kill();
    await ended;
    await stage.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
