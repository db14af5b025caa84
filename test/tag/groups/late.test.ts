import { describe, expect, it } from "vitest";
import type { Swap } from "../../../shared/api/leases.ts";
import { LEASED, OWN, Visitor } from "../visitor.ts";
import { LONGER } from "./form-rows.ts";
import { openLab } from "./lab.ts";

/** Groups 6 and 2: what the page brings later, a little, much, or all the time; and the page as it was. */

const visitor = new Visitor();
const US: Swap = { find: "+14155550132", replace: "+16285550101" };

describe("late content", () => {
  it("is swapped in a single-page app's views, texts and attributes", async () => {
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate((own) => {
      history.pushState({}, "", "/contact");
      document.body.innerHTML = `<main><h1>Contact</h1><p id="number">${own}</p><a id="link" href="#">call</a></main>`;
      setTimeout(() => document.querySelector("#link")?.setAttribute("href", "tel:4155550132"), 20);
      setTimeout(() => document.querySelector("h1")?.append("Call 415.555"), 40);
      setTimeout(() => document.querySelector("h1")?.append(".0132"), 60);
    }, OWN);
    await visitor.shows(page, LEASED);
    await page.waitForFunction(
      () =>
        document.querySelector("#link")?.getAttribute("href") === "tel:6285550101" &&
        document.querySelector("h1")?.textContent === "ContactCall 628.555.0101",
    );
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("is swapped as the parser brings it, before it is painted", async () => {
    const reads =
      "<script>seen.push([...document.querySelectorAll('p')].some((p) => p.textContent.includes('0132')))</script>";
    await visitor.shows(await visitor.open(), LEASED);
    const parts = Array.from({ length: 5 }, (_, i) => `<p>${i}: 415-555-0132</p>`).join(reads);
    const head = `<script>seen = []</script>${visitor.stage.snippet().replace("async ", "")}`;
    visitor.stage.pages.set("/parsed", { html: visitor.html(parts + reads, head) });
    const page = await visitor.open("/parsed");
    expect(await page.evaluate(() => (window as unknown as { seen: boolean[] }).seen)).toEqual(
      Array(5).fill(false),
    );
  });

  it("moved, cloned and changed in place stays right", async () => {
    const page = await openLab(visitor, [US]);
    const texts = await page.evaluate(async () => {
      const noticed = () => new Promise((done) => setTimeout(done));
      document.body.innerHTML = "<section><p>415-555-0132</p></section><aside></aside>";
      await noticed();
      const p = document.querySelector("p") as HTMLElement;
      const aside = document.querySelector("aside") as HTMLElement;
      aside.appendChild(p.cloneNode(true));
      aside.appendChild(p);
      await noticed();
      (p.firstChild as Text).data = "Fax 415-555-0199, phone 415-555-0132";
      await noticed();
      const seen = [document.body.textContent];
      (p.firstChild as Text).data = "closed";
      await noticed();
      seen.push(document.body.textContent);
      window.ringtrail?.reset();
      return [...seen, document.body.textContent];
    });
    expect(texts).toEqual([
      "628-555-0101Fax 415-555-0199, phone 628-555-0101",
      "628-555-0101closed",
      "415-555-0132closed",
    ]);
  });

  it.each<[string, Swap]>([
    ["of the same length", US],
    ["of another length", LONGER],
  ])("that replaces a part of a number is not mixed with the leased one, %s", async (_name, swap) => {
    const page = await openLab(visitor, [swap]);
    const texts = await page.evaluate(async () => {
      const noticed = () => new Promise((done) => setTimeout(done));
      document.body.innerHTML = "<p><b>415</b> <i>555-0132</i></p><p><b>415</b> <i>555-0132</i></p>";
      await noticed();
      const swapped = document.body.innerText;
      const [first, second] = document.querySelectorAll("p");
      (first?.lastChild as Element).textContent = "777-9999";
      (second?.firstChild?.firstChild as Text).data = "212";
      await noticed();
      return [/415|0132/.test(swapped), document.body.innerHTML];
    });
    expect(texts).toEqual([false, "<p><b>415</b> <i>777-9999</i></p><p><b>212</b> <i>555-0132</i></p>"]);
  });

  it("as one more row of a long list costs no look at the other rows", async () => {
    const page = await openLab(visitor, [US]);
    const [shown, looked] = await page.evaluate(async () => {
      const noticed = () => new Promise((done) => setTimeout(done));
      document.body.innerHTML = `<div>${"<p>call 415-555-0132</p>".repeat(500)}</div>`;
      await noticed();
      let looked = 0;
      const real = Element.prototype.matches;
      const counting = function (this: Element, selectors: string) {
        looked += 1;
        return real.call(this, selectors);
      };
      Object.assign(Element.prototype, { matches: counting });
      const row = document.createElement("p");
      row.textContent = "our many plumbers";
      document.querySelector("div")?.appendChild(row);
      await noticed();
      Object.assign(Element.prototype, { matches: real });
      return [document.querySelector("p")?.textContent, looked];
    });
    expect([shown, looked]).toEqual(["call 628-555-0101", expect.any(Number)]);
    // The rows with a number are written anew, each by itself, and none is asked where its edges are.
    expect(looked).toBeLessThan(100);
  });

  it("in ten thousand places is swapped in one go", async () => {
    const page = await openLab(visitor, [US]);
    const [left, rounds, looks] = await page.evaluate(async () => {
      let looked = 0;
      const create = document.createTreeWalker.bind(document);
      document.createTreeWalker = (...of) => {
        looked += 1;
        return create(...of);
      };
      const list = document.createDocumentFragment();
      for (let i = 0; i < 10_000; i++) list.appendChild(document.createElement("p"));
      const items = [...list.children];
      for (const p of items) document.body.appendChild(p);
      for (const [i, p] of items.entries()) {
        p.textContent = i % 100 ? `${i} of our many plumbers` : `${i} call 415-555-0132`;
      }
      let waited = 0;
      while (document.body.textContent?.includes("415-555-0132") && waited < 50) {
        waited += 1;
        await new Promise((done) => setTimeout(done));
      }
      return [document.body.textContent?.match(/415-555-0132/g)?.length ?? 0, waited, looked];
    });
    expect(left).toBe(0);
    // One at the whole page, and one at each of the hundred blocks that were written.
    expect(looks).toBeLessThanOrEqual(101);
    expect(rounds).toBeLessThan(50);
  });

  it("in a list that goes on and on is swapped to its end, row by row", async () => {
    await visitor.context.clock.install();
    const page = await openLab(visitor, [US]);
    await page.evaluate(() => {
      document.body.innerHTML = "<ul></ul>";
      const list = document.querySelector("ul") as HTMLElement;
      setInterval(() => {
        const row = document.createElement("li");
        row.innerHTML = 'call <a href="tel:4155550132">415-555-0132</a>';
        list.appendChild(row);
        if (list.children.length > 50) list.firstChild?.remove();
      }, 17);
    });
    for (let second = 0; second < 10; second++) await page.clock.runFor(1000);
    expect(await page.evaluate(() => document.body.innerHTML.match(/415/g))).toBeNull();
  });

  it.each([
    ["every second", 1000, 60],
    ["sixty times a second, for a while", 16, 15],
  ])("that counts down %s is swapped each time", async (_name, every_ms, ticks) => {
    await visitor.context.clock.install();
    const page = await openLab(visitor, [US]);
    await page.evaluate(
      ([ms, last]) => {
        document.body.innerHTML = "<p>0 left, call 415-555-0132</p>";
        let tick = 0;
        const wrong: (string | null)[] = [];
        Object.assign(window, { wrong });
        const text = document.querySelector("p")?.firstChild as Text;
        const timer = setInterval(() => {
          if (tick > 0 && text.data !== `${tick} left, call 628-555-0101`) wrong.push(text.data);
          tick += 1;
          text.data = `${tick} left, call 415-555-0132`;
          if (tick === last) clearInterval(timer);
        }, ms);
      },
      [every_ms, ticks] as const,
    );
    await page.clock.runFor(every_ms * ticks + 1);
    expect(await page.evaluate(() => (window as unknown as { wrong: string[] }).wrong)).toEqual([]);
    expect(await page.textContent("p")).toBe(`${ticks} left, call 628-555-0101`);
  });
});

describe("window.ringtrail", () => {
  it("resets to the original page byte for byte, and swaps again when asked", async () => {
    const body = `<p id="number">${OWN}</p><p>Call <b>415</b>.555.<i>0132</i></p><input type="button" value="Call 4155550132">`;
    const page = await visitor.open("/", body);
    await visitor.shows(page, LEASED);
    const swapped = await page.evaluate(() => document.body.innerHTML);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(body);
    await page.evaluate(() => window.ringtrail?.swap());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(swapped);
  });

  it("tells the page of a swap, and hands out the lease and what the page sets", async () => {
    const told = `<script>document.addEventListener("ringtrail:swap", (event) => { window.told = event.detail })</script>`;
    const page = await visitor.open("/", `<p id="number">${OWN}</p>${told}`);
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(() => (window as unknown as { told: unknown }).told)).toMatchObject({
      lease: { lease: "lse_0101" },
      swaps: [US],
    });
    expect(await page.evaluate(() => window.ringtrail?.get())).toMatchObject({
      lease: "lse_0101",
      swaps: [US],
    });
  });
});

describe("the layout", () => {
  it("does not shift, with digits of any width, and nothing is hidden meanwhile", async () => {
    const fonts = ["serif", "sans-serif", "monospace"].map(
      (font) =>
        `<p style="font: 20px ${font}">(415) 555-0132</p><p style="font: 20px ${font}; font-variant-numeric: tabular-nums">(415) 555-0132 and some more text</p>`,
    );
    const watch = `<script>
      window.shifts = [];
      window.hidden = 0;
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) window.shifts.push(value);
      }).observe({ type: "layout-shift", buffered: true });
      (function look() {
        for (const p of document.querySelectorAll("p")) {
          if (!p.checkVisibility({ opacityProperty: true, visibilityProperty: true })) window.hidden++;
        }
        requestAnimationFrame(look);
      })();
    </script>`;
    const page = await visitor.open(
      "/",
      `<p id="number">${OWN}</p>${fonts.join("")}<h2>After</h2>`,
      watch + visitor.stage.snippet(),
    );
    await visitor.shows(page, LEASED);
    const seen = await page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const { shifts, hidden } = window as unknown as { shifts: number[]; hidden: number };
      return { shifts, hidden };
    });
    expect(seen).toEqual({ shifts: [], hidden: 0 });
  });
});
