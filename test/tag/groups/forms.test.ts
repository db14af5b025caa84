import { describe, expect, it } from "vitest";
import type { Swap } from "../../../shared/api/leases.ts";
import { Visitor } from "../visitor.ts";
import { DECOYS } from "./decoys.ts";
import { ABROAD, type FormRow, LONGER, OTHERS, SWAPPED_FORMS, UNEQUAL_FORMS, US } from "./form-rows.ts";
import { openLab, tryAll } from "./lab.ts";
import { ATTRIBUTE_FORMS } from "./link-rows.ts";

/** Groups 1, 2, 4, 13 and 14: every form byte for byte, again, back, in the same nodes, and as it is read out. */

const visitor = new Visitor();

async function expectForms(rows: FormRow[], swaps: Swap[]): Promise<void> {
  const page = await openLab(visitor, swaps);
  const trials = await tryAll(
    page,
    rows.map(([, html, expected]) => [html, expected] as const),
  );
  const named = <T>(values: T[]) => Object.fromEntries(values.map((value, i) => [rows[i]?.[0], value]));
  expect(named(trials.map(({ after }) => after))).toEqual(named(trials.map(({ expected }) => expected)));
  expect(named(trials.map(({ again }) => again))).toEqual(named(trials.map(({ after }) => after)));
  expect(named(trials.map(({ restored }) => restored))).toEqual(named(trials.map(({ before }) => before)));
  expect(named(trials.map(({ same_nodes }) => same_nodes))).toEqual(named(trials.map(() => true)));
  expect(visitor.complaints).toEqual([]);
}

describe("every form of the number", () => {
  it(`is exchanged digit for digit (${SWAPPED_FORMS.length + ABROAD.length} spellings)`, () =>
    expectForms([...SWAPPED_FORMS, ...ABROAD], [US, ...OTHERS]));

  it(`is exchanged in links and labels (${ATTRIBUTE_FORMS.length} of them)`, () =>
    expectForms(ATTRIBUTE_FORMS, [US]));

  it("gives way to a number of another length, all at once", () => expectForms(UNEQUAL_FORMS, [LONGER]));

  it(`is left alone where it is none, or not to be dialled (${DECOYS.length} decoys)`, () =>
    expectForms(
      DECOYS.map(([name, html]) => [name, html, html] as const),
      [US],
    ));
});

describe("the whole page", () => {
  it("keeps its head, structured data and addresses byte for byte", async () => {
    const head = `<title>Call 415-555-0132</title><meta name="description" content="Call 415-555-0132">
      <meta property="og:title" content="+14155550132"><link rel="canonical" href="https://x.example/4155550132">
      <script type="application/ld+json">{"@type":"LocalBusiness","telephone":"+1-415-555-0132"}</script>`;
    const data = `<script type="application/ld+json">{"telephone":"415-555-0132"}</script>`;
    const page = await visitor.open(
      "/",
      `<p id="number">(415) 555-0132</p>${data}`,
      head + visitor.stage.snippet(),
    );
    await visitor.shows(page, "(628) 555-0101");
    expect(await page.evaluate(() => document.head.innerHTML)).toContain(head);
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(
      `<p id="number">(628) 555-0101</p>${data}`,
    );
  });

  it("may be XHTML, with sections of text that is no element's", async () => {
    const script = visitor.stage.snippet().replace("async", 'async="async"');
    const hidden = "<script><![CDATA[ /* long enough to be taken for the texts that follow */ ]]></script>";
    const html = `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>${script}${hidden}</head>
      <body><p>one</p><p id="number">(415) 555-0132</p><p>three</p><input type="button" value="415-555-0132" /></body></html>`;
    visitor.stage.pages.set("/", { html, headers: { "content-type": "application/xhtml+xml" } });
    const page = await visitor.open();
    await visitor.shows(page, "(628) 555-0101");
    expect(await page.getAttribute("input", "value")).toBe("628-555-0101");
  });

  it("reads out, dials and shows the same digits on every link", async () => {
    const links = ["tel:+14155550132", "tel:4155550132", "tel:%2B1%20415%20555%200132"].flatMap((href) => [
      `<a href="${href}">(415) 555-0132</a>`,
      `<a href="${href}" aria-label="Call 415.555.0132"><svg></svg></a>`,
      `<a href="${href}" title="415-555-0132">Call us</a>`,
      `<a href="${href}"><img alt="Call 415 555 0132" src="data:,"></a>`,
      `<a href="${href}"><b>415</b>-<i>555</i>-0132</a>`,
      `<a href="${href}" aria-labelledby="name">Call</a>`,
    ]);
    const body = `<p id="number">(415) 555-0132</p><p id="name">Our line 415-555-0132</p>${links.join("")}`;
    const page = await visitor.open("/", body);
    await visitor.shows(page, "(628) 555-0101");
    const names = (await page.locator("body").ariaSnapshot()).replaceAll(/\D+/g, " ");
    expect(names).not.toMatch(/415|0132/);
    const dialled = await page.evaluate(() =>
      [...document.querySelectorAll("a")].map(({ href }) =>
        decodeURIComponent(href).replace(/\D/g, "").slice(-10),
      ),
    );
    expect(new Set(dialled)).toEqual(new Set(["6285550101"]));
  });

  it("reaches the clones of a template when they are inserted, and not the template", async () => {
    const page = await openLab(visitor, [US]);
    const seen = await page.evaluate(async () => {
      document.body.innerHTML = "<template><p>415-555-0132</p></template>";
      const template = document.querySelector("template") as HTMLTemplateElement;
      document.body.appendChild(template.content.cloneNode(true));
      await new Promise((noticed) => setTimeout(noticed));
      return [template.innerHTML, document.querySelector("p")?.textContent];
    });
    expect(seen).toEqual(["<p>415-555-0132</p>", "628-555-0101"]);
  });

  it("reaches a closed shadow root that is handed over, and gives it back", async () => {
    const page = await openLab(visitor, [US]);
    const seen = await page.evaluate(() => {
      const host = document.body.appendChild(document.createElement("div"));
      const root = host.attachShadow({ mode: "closed" });
      root.innerHTML = `415.555.0132<p>415-555-0132</p><a href="tel:4155550132">x</a>`;
      window.ringtrail?.swap(root);
      const swapped = root.innerHTML;
      window.ringtrail?.reset();
      return [swapped, root.innerHTML];
    });
    expect(seen).toEqual([
      '628.555.0101<p>628-555-0101</p><a href="tel:6285550101">x</a>',
      '415.555.0132<p>415-555-0132</p><a href="tel:4155550132">x</a>',
    ]);
  });
});
