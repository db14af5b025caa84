import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { buildTag, SITE_TOKEN, type TagBuild } from "../../bin/build-tag.ts";
import { SITE_KEY } from "./stage.ts";
import { BODY, LEASED, OWN, Visitor } from "./visitor.ts";

/** The ways in which the tag comes to a page, beside the usual script element. */

const visitor = new Visitor();
let tag: TagBuild;
beforeAll(async () => {
  tag = await buildTag();
});

/** The per-site tag as the Worker sends it, its settings inside. */
const filled = () =>
  tag.perSite.replace(SITE_TOKEN, () => JSON.stringify({ site: SITE_KEY, host: visitor.stage.worker }));

it("pinned: runs if it is what the snippet says, and not otherwise", async () => {
  const { stage } = visitor;
  const pinned = (integrity: string) =>
    stage.snippet(`integrity="${integrity}" crossorigin data-site="${SITE_KEY}"`);
  await visitor.shows(await visitor.open("/", BODY, pinned(tag.integrity)), LEASED);
  stage.pages.set("/other", { html: visitor.html(BODY, pinned(`sha384-${"A".repeat(64)}`)) });
  const page = await visitor.open("/other");
  await page.waitForLoadState("load");
  expect(await page.textContent("#number")).toBe(OWN);
});

it("first-party: takes script and leases from a path of the site's own host", async () => {
  const { stage } = visitor;
  await visitor.context.route(`${stage.site}/calls/**`, async (route) => {
    const request = route.request();
    const url = request.url().replace(`${stage.site}/calls`, stage.worker);
    const answer = await fetch(url, { method: request.method(), body: request.postData() });
    await route.fulfill({ status: answer.status, body: await answer.text(), contentType: "text/javascript" });
  });
  const head = `<script async src="/calls/tag/${tag.version}/ringtrail.js" data-site="${SITE_KEY}"></script>`;
  const csp = "default-src 'none'; script-src 'self'; connect-src 'self'";
  stage.pages.set("/", { html: visitor.html(BODY, head), headers: { "content-security-policy": csp } });
  await visitor.shows(await visitor.open(), LEASED);
  expect(stage.heard.map(({ path }) => path)).toEqual(["/v1/leases"]);
  expect(visitor.complaints).toEqual([]);
});

it("inline: runs on a page that may load no script at all", async () => {
  const hash = createHash("sha256").update(filled()).digest("base64");
  const csp = `default-src 'none'; script-src 'sha256-${hash}'; connect-src ${visitor.stage.worker}`;
  const html = visitor.html(BODY, `<script>${filled()}</script>`);
  visitor.stage.pages.set("/", { html, headers: { "content-security-policy": csp } });
  const page = await visitor.open();
  await visitor.shows(page, LEASED);
  expect(visitor.complaints).toEqual([]);
  // Nor the diagnostics: the browser says so itself, and nothing is thrown.
  const refused = page.waitForEvent("console");
  await page.goto(`${visitor.stage.site}/?ringtrail-debug`);
  await refused;
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  expect(visitor.complaints.filter((text) => !/Content Security Policy/.test(text))).toEqual([]);
});

it("leaves alone what a script wrote with the character that the tag puts between nodes", async () => {
  const page = await visitor.open();
  await visitor.shows(page, LEASED);
  const text = "a\0b 415-555-0132";
  const left = await page.evaluate(async (data) => {
    const p = document.createElement("p");
    for (const part of [data, " ", "c"]) p.appendChild(document.createTextNode(part));
    document.body.appendChild(p);
    await new Promise((noticed) => setTimeout(noticed));
    return [...p.childNodes].map(({ nodeValue }) => nodeValue);
  }, text);
  expect(left).toEqual([text, " ", "c"]);
});

describe("the diagnostics", () => {
  const body = `${BODY}<code>${OWN}</code><p>94155550132</p><p id="data" data-phone="${OWN}">x</p><i contenteditable>${OWN}</i>`;

  async function openDebugged(query: string) {
    const page = await visitor.context.newPage();
    await page.route("**/tag/overlay.js", (route) =>
      route.fulfill({
        body: tag.overlay,
        contentType: "text/javascript",
        headers: { "access-control-allow-origin": "*" },
      }),
    );
    // The box keeps to itself; a test may look in.
    await page.addInitScript(() => {
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (init) {
        return attach.call(this, { ...init, mode: "open" });
      };
    });
    visitor.stage.pages.set("/", { html: visitor.html(body) });
    await page.goto(`${visitor.stage.site}/${query}`);
    await visitor.shows(page, LEASED);
    return page;
  }

  it("say what was found, what was swapped, and why the rest was not", async () => {
    const page = await openDebugged("?ringtrail-debug");
    const box = page.locator("ringtrail-debug section");
    await expect.poll(() => box.locator("li").count()).toBe(7);
    const rows = (await box.locator("li").allTextContents()).join("\n");
    expect(rows).toMatch(/<p> \(628\) 555-0101 swapped/);
    expect(rows).toMatch(/<code> .*left: inside <code>/);
    expect(rows).toMatch(/<i> .*left: the visitor may edit it/);
    expect(rows).toMatch(/94155550132 left: part of a longer number/);
    expect(rows).toMatch(/<p data-phone> .*left: data-phone is never rewritten/);
    expect(await box.textContent()).toContain("+14155550132 → +16285550101");
  });

  it("are not loaded otherwise", async () => {
    const page = await openDebugged("");
    expect(await page.locator("ringtrail-debug").count()).toBe(0);
  });
});
