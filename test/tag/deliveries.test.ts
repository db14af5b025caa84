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

it.each([
  ["pinned", () => `src="/calls/tag/${tag.version}/ringtrail.js" data-site="${SITE_KEY}"`],
  ["per site", () => `src="/calls/t/${SITE_KEY}.js" data-host="${visitor.stage.site}/calls"`],
])(
  "first-party, %s: takes script and leases from a path of the site's own host",
  async (_name, attributes) => {
    const { stage } = visitor;
    await visitor.context.route(`${stage.site}/calls/**`, async (route) => {
      const request = route.request();
      const url = request.url().replace(`${stage.site}/calls`, stage.worker);
      const answer = await fetch(url, { method: request.method(), body: request.postData() });
      await route.fulfill({
        status: answer.status,
        body: await answer.text(),
        contentType: "text/javascript",
      });
    });
    const head = `<script async ${attributes()}></script>`;
    const csp = "default-src 'none'; script-src 'self'; connect-src 'self'";
    stage.pages.set("/", { html: visitor.html(BODY, head), headers: { "content-security-policy": csp } });
    await visitor.shows(await visitor.open(), LEASED);
    expect(stage.heard.map(({ path }) => path)).toEqual(["/v1/leases"]);
    expect(visitor.complaints).toEqual([]);
  },
);

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
  const body = `${BODY}<code>${OWN}</code><p>94155550132</p><p id="data" data-phone="${OWN}">x</p>
    <i contenteditable>${OWN}</i><p>Call <b>415</b>-<i>555</i>-0132</p><p>${OWN} ext. 4</p>
    <a href="sms:+14155550132">text ${OWN}</a><div data-ringtrail-skip>${OWN}</div>
    <div><template shadowrootmode="open">${OWN}</template></div><input value="${OWN}">`;

  async function openDebugged(query: string, headers: Record<string, string> = {}) {
    const page = await visitor.context.newPage();
    page.on("pageerror", (error) => visitor.complaints.push(String(error)));
    page.on("console", (message) => visitor.complaints.push(message.text()));
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
    visitor.stage.pages.set("/", { html: visitor.html(body), headers });
    await page.goto(`${visitor.stage.site}/${query}`);
    return { page, box: page.locator("ringtrail-debug section") };
  }

  it("say what was found, what was swapped, and why the rest was not", async () => {
    const { worker } = visitor.stage;
    const csp = `default-src 'none'; script-src ${worker}; connect-src ${worker}; img-src data:; require-trusted-types-for 'script'`;
    const { page, box } = await openDebugged("?ringtrail-debug", { "content-security-policy": csp });
    await visitor.shows(page, LEASED);
    await expect.poll(() => box.locator("p").nth(1).textContent()).toBe("6 of 14 places are swapped.");
    const rows = (await box.locator("li").allTextContents()).map((text) => text.replace(/Show$/, ""));
    expect(rows.toSorted()).toEqual(
      [
        `<p> ${LEASED} swapped`,
        `<a> ${LEASED} swapped`,
        "<a href> tel:+16285550101 swapped",
        "<b> Call 628-555-0101 swapped",
        `<p> ${LEASED} ext. 4 swapped: mind the extension`,
        `<code> ${OWN} left: inside <code>`,
        `<div> ${OWN} left: inside <div data-ringtrail-skip>`,
        `<i> ${OWN} left: the visitor may edit it`,
        "<p> 94155550132 left: part of a longer number, an id, a URL or an amount",
        `<p data-phone> ${OWN} left: data-phone is not among the site's \`labels\``,
        `<a> text ${LEASED} swapped: but not its link, no tel:`,
        "<a href> sms:+14155550132 left: no tel: link",
        `<input value> ${OWN} left: the visitor's own entry`,
        `<div> ${OWN} left: in a shadow root or frame, which the option \`embedded\` opens`,
      ].toSorted(),
    );
    expect(await box.textContent()).toContain("+14155550132 → +16285550101");
    expect(visitor.complaints).toEqual([]);
  });

  it("say why there is no lease, and leave the keyboard where it is", async () => {
    const body = JSON.stringify({ lease: null, swaps: [], reason: "pool_empty" });
    visitor.stage.answer = () => ({ status: 200, body });
    const { page, box } = await openDebugged("?ringtrail-debug");
    await expect.poll(() => box.textContent()).toContain("No lease: every number of the pool is in use.");
    await page.keyboard.press("Tab");
    await box.locator("header button").focus();
    // Longer than it takes to look again.
    await page.waitForFunction(
      (since) => performance.now() > since + 1100,
      await page.evaluate(() => performance.now()),
    );
    await page.keyboard.press("Enter");
    expect(await box.count()).toBe(0);
  });

  it("are not loaded otherwise", async () => {
    const { page, box } = await openDebugged("");
    await visitor.shows(page, LEASED);
    expect(await box.count()).toBe(0);
  });
});
