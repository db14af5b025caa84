// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import type { Swap } from "../../shared/api/leases.ts";
import { restore, scan, useSwaps } from "../../tag/swap.ts";
import "./support.ts";

const US: Swap = { find: "+14155550132", replace: "+16285550101" };
const UK: Swap = { find: "+442079460018", replace: "+442079460777" };
const LONGER: Swap = { find: "+14155550132", replace: "+442079460018", text: "+44 20 7946 0018" };

afterEach(() => {
  useSwaps([]);
  restore();
  document.body.innerHTML = "";
});

/** The body's HTML before, after a swap, after a second one, and after a restore. */
function swapped(html: string, ...swaps: Swap[]) {
  document.body.innerHTML = html;
  const before = document.body.innerHTML;
  useSwaps(swaps);
  scan(document.body);
  const after = document.body.innerHTML;
  scan(document.body);
  const again = document.body.innerHTML;
  restore();
  return { before, after, again, restored: document.body.innerHTML };
}

function expectSwap(html: string, expected: string, ...swaps: Swap[]): void {
  const { before, after, again, restored } = swapped(html, ...swaps);
  document.body.innerHTML = expected;
  expect(after).toBe(document.body.innerHTML);
  expect(again).toBe(after);
  expect(restored).toBe(before);
}

describe("visible text", () => {
  it.each([
    ["plain", "<p>Call 415-555-0132!</p>", "<p>Call 628-555-0101!</p>"],
    ["entities", "<p>(415)&nbsp;555&#8209;0132</p>", "<p>(628)&nbsp;555&#8209;0101</p>"],
    ["wbr", "<p>415<wbr>555<wbr>0132</p>", "<p>628<wbr>555<wbr>0101</p>"],
    [
      "inline split",
      "<p>(<b>415</b>) <i><span>555</span></i>-0132</p>",
      "<p>(<b>628</b>) <i><span>555</span></i>-0101</p>",
    ],
    ["split within a group", "<p>415-555-<b>01</b>32</p>", "<p>628-555-<b>01</b>01</p>"],
    ["comment inside", "<p>415-<!-- x -->555-0132</p>", "<p>628-<!-- x -->555-0101</p>"],
    [
      "link inside text",
      '<p>Call <a href="#">415.555.0132</a>.</p>',
      '<p>Call <a href="#">628.555.0101</a>.</p>',
    ],
    ["icon font", "<p><i>phone</i>415-555-0132</p>", "<p><i>phone</i>628-555-0101</p>"],
    [
      "adjacent blocks",
      "<div>9</div><div>4155550132</div><div>5</div>",
      "<div>9</div><div>6285550101</div><div>5</div>",
    ],
    ["prefix in another block", "<div>1</div><div>415-555-0132</div>", "<div>1</div><div>628-555-0101</div>"],
    ["prefix inline", "<p><b>+1</b> 415-555-0132</p>", "<p><b>+1</b> 628-555-0101</p>"],
    ["translate=no", '<p translate="no">415-555-0132</p>', '<p translate="no">628-555-0101</p>'],
    ["svg text", "<svg><text>415-555-0132</text></svg>", "<svg><text>628-555-0101</text></svg>"],
    ["button", "<button>415-555-0132</button>", "<button>628-555-0101</button>"],
    ["stray text in body", "415-555-0132<p>x</p>415-555-0132", "628-555-0101<p>x</p>628-555-0101"],
    [
      "number in a non-editable part",
      '<p contenteditable="false">415-555-0132</p>',
      '<p contenteditable="false">628-555-0101</p>',
    ],
    [
      "join on request",
      "<table data-ringtrail-join><tr><td>415</td><td>555</td><td>0132</td></tr></table>",
      "<table data-ringtrail-join><tr><td>628</td><td>555</td><td>0101</td></tr></table>",
    ],
    [
      "join over br",
      "<p data-ringtrail-join>415<br>555-0132</p>",
      "<p data-ringtrail-join>628<br>555-0101</p>",
    ],
    ["JSX neighbours", "<p><b>415-555-0132</b><b>24/7</b></p>", "<p><b>628-555-0101</b><b>24/7</b></p>"],
  ])("%s", (_name, html, expected) => expectSwap(html, expected, US));

  it("exchanges both spellings of a foreign number", () =>
    expectSwap("<p>020 7946 0018, +44 (0)20 7946 0018</p>", "<p>020 7946 0777, +44 (0)20 7946 0777</p>", UK));

  it("exchanges several numbers in one pass", () =>
    expectSwap("<p>415-555-0132 / 020 7946 0018</p>", "<p>628-555-0101 / 020 7946 0777</p>", US, UK));
});

describe("never", () => {
  it.each([
    ["split by br", "<p>415<br>555-0132</p>"],
    ["split over cells", "<table><tbody><tr><td>415</td><td>555-0132</td></tr></tbody></table>"],
    ["split over blocks", "<div>415</div><div>555-0132</div>"],
    ["split by an image", '<p>415<img src="x">555-0132</p>'],
    ["longer run over inline elements", "<p><b>9</b><span>4155550132</span></p>"],
    ["script", '<script type="text/plain">415-555-0132</script>'],
    ["JSON-LD", '<script type="application/ld+json">{"telephone":"+14155550132"}</script>'],
    ["style", "<style>.a::before { content: '415-555-0132' }</style>"],
    ["noscript", "<noscript>415-555-0132</noscript>"],
    ["textarea", "<textarea>415-555-0132</textarea>"],
    ["option", "<select><option>415-555-0132</option></select>"],
    ["code", "<p>see <code>415-555-0132</code></p>"],
    ["pre", "<pre>415-555-0132</pre>"],
    ["template", "<template><p>415-555-0132</p></template>"],
    ["contenteditable", '<div contenteditable="true"><p>415-555-0132</p></div>'],
    ["contenteditable without value", "<div contenteditable>415-555-0132</div>"],
    ["skipped subtree", "<div data-ringtrail-skip><p>415-555-0132</p></div>"],
    ["skipped inline", "<p>415-<b data-ringtrail-skip>555</b>-0132</p>"],
    ["skipped link", '<a data-ringtrail-skip href="tel:+14155550132" title="415-555-0132">x</a>'],
    ["input values", '<input value="415-555-0132"><input type="tel" value="4155550132">'],
    ["button data", '<button value="4155550132">x</button>'],
    ["image source", '<img src="/4155550132.png">'],
    ["other links", '<a href="sms:+14155550132">a</a><a href="https://wa.me/14155550132">b</a>'],
    ["data attributes", '<p data-phone="415-555-0132">x</p>'],
    ["handlers", `<p onclick="location='tel:4155550132'">x</p>`],
    ["meta", '<meta itemprop="telephone" content="+14155550132">'],
    ["comments", "<!-- 415-555-0132 -->"],
  ])("%s", (_name, html) => {
    const { before, after } = swapped(html, US);
    expect(after).toBe(before);
  });

  it("the title", () => {
    document.title = "415-555-0132";
    swapped("<p>415-555-0132</p>", US);
    expect(document.title).toBe("415-555-0132");
  });
});

describe("attributes", () => {
  it.each([
    ["tel:+14155550132", "tel:+16285550101"],
    ["tel:4155550132", "tel:6285550101"],
    ["tel:1-415-555-0132", "tel:1-628-555-0101"],
    ["TEL:+1(415)555-0132", "TEL:+1(628)555-0101"],
    ["tel:%2B14155550132", "tel:%2B16285550101"],
    ["tel:%2b1%20%28415%29%20555-0132", "tel:%2b1%20%28628%29%20555-0101"],
    ["tel:+1%20415%20555%200132", "tel:+1%20628%20555%200101"],
    ["tel://+14155550132", "tel://+16285550101"],
    ["tel: 415 555 0132", "tel: 628 555 0101"],
    ["tel:+14155550132;ext=9", "tel:+16285550101;ext=9"],
    ["tel:555;phone-context=+14155550132", "tel:555;phone-context=+14155550132"],
    ["tel:4155550132;phone-context=+1", "tel:6285550101;phone-context=+1"],
    ["tel:+14155550132,,9", "tel:+16285550101,,9"],
    ["tel:+14155550132,9", "tel:+16285550101,9"],
    ["tel:+14155550132p123", "tel:+16285550101p123"],
    ["tel:+14155550132w4155550132", "tel:+16285550101w4155550132"],
    ["tel:415-555-0132x42", "tel:628-555-0101x42"],
    ["tel:415-555-0132%20ext.%2042", "tel:628-555-0101%20ext.%2042"],
    ["tel:94155550132", "tel:94155550132"],
    ["tel:41555501325", "tel:41555501325"],
    ["tel:+4155550132", "tel:+4155550132"],
  ])("%s", (href, expected) => expectSwap(`<a href="${href}">x</a>`, `<a href="${expected}">x</a>`, US));

  it.each(["aria-label", "title", "alt", "placeholder"])("%s", (name) =>
    expectSwap(`<p ${name}="Call (415) 555-0132">x</p>`, `<p ${name}="Call (628) 555-0101">x</p>`, US),
  );

  it.each(["button", "submit", "reset"])("value of an input that is a %s", (type) =>
    expectSwap(
      `<input type="${type}" value="Call 415-555-0132">`,
      `<input type="${type}" value="Call 628-555-0101">`,
      US,
    ),
  );

  it("placeholder of an input, but not its value", () =>
    expectSwap(
      '<input placeholder="415-555-0132" value="415-555-0132">',
      '<input placeholder="628-555-0101" value="415-555-0132">',
      US,
    ));
});

describe("numbers of another length or country", () => {
  it.each([
    ["<p>Call (415) 555-0132 now</p>", "<p>Call +44 20 7946 0018 now</p>"],
    ["<p>Call +1 (415) 555-0132 now</p>", "<p>Call +44 20 7946 0018 now</p>"],
    ["<p>(415-555-0132)</p>", "<p>(+44 20 7946 0018)</p>"],
    ["<p>((415) 555-0132)</p>", "<p>(+44 20 7946 0018)</p>"],
    ["<p><b>415</b>-<i>555</i>-0132 ext. 4</p>", "<p><b>+44 20 7946 0018</b><i></i> ext. 4</p>"],
    ['<a href="tel:%2B14155550132;ext=9">x</a>', '<a href="tel:+442079460018;ext=9">x</a>'],
    ['<a href="tel:415-555-0132">x</a>', '<a href="tel:+442079460018">x</a>'],
    ['<p title="415-555-0132">x</p>', '<p title="+44 20 7946 0018">x</p>'],
  ])("%s", (html, expected) => {
    const { before, after, restored } = swapped(html, LONGER);
    expect(after).toBe(expected);
    expect(restored).toBe(before);
  });
});

describe("the page's nodes", () => {
  it("are the same ones afterwards, in the same places", () => {
    document.body.innerHTML =
      '<p>(<b>415</b>) 555-0132</p><div>020 7946 0018<br>x</div><a href="tel:+14155550132">415-555-0132</a>';
    const nodes = (): Node[] => {
      const walker = document.createTreeWalker(document.body);
      const found: Node[] = [];
      while (walker.nextNode()) found.push(walker.currentNode);
      return found;
    };
    const before = nodes();
    useSwaps([LONGER, UK]);
    scan(document.body);
    const after = nodes();
    expect(after.length).toBe(before.length);
    for (const [i, node] of after.entries()) expect(node).toBe(before[i]);
  });

  it("are left alone for good when another script keeps putting the number back", () => {
    document.body.innerHTML = "<p>415-555-0132</p><p>415-555-0132</p>";
    const [fought, peaceful] = [...document.body.children].map(({ firstChild }) => firstChild as Text);
    useSwaps([US]);
    let writes = 0;
    for (let i = 0; i < 1000; i++) {
      scan(document.body);
      if (fought!.data !== "415-555-0132") writes++;
      fought!.data = "415-555-0132";
    }
    expect(writes).toBeGreaterThan(3);
    expect(writes).toBeLessThan(30);
    expect(peaceful!.data).toBe("628-555-0101");
  });

  it("get the page's number back also where the page has copied or changed them", () => {
    document.body.innerHTML = '<p title="415-555-0132">(415) 555-0132</p><div></div>';
    const [p, copies] = [...document.body.children] as [Element, Element];
    useSwaps([US]);
    scan(document.body);
    copies.appendChild(p.cloneNode(true));
    p.firstChild!.nodeValue += "!";
    restore();
    expect(document.body.innerHTML).toBe(
      '<p title="415-555-0132">(415) 555-0132!</p><div><p title="415-555-0132">(415) 555-0132</p></div>',
    );
  });

  it("keep a number of the pool that the page itself shows", () => {
    const { before, restored } = swapped("<p>415-555-0132, office 628-555-0101</p>", US);
    expect(restored).toBe(before);
  });

  it("keep what the page wrote over the swap when the original is restored", () => {
    document.body.innerHTML = "<p>415-555-0132</p>";
    useSwaps([US]);
    scan(document.body);
    document.body.firstElementChild!.firstChild!.nodeValue = "closed";
    restore();
    expect(document.body.innerHTML).toBe("<p>closed</p>");
  });
});

it("swaps only under the root it is given", () => {
  document.body.innerHTML = "<div>415-555-0132</div><section>415-555-0132</section>";
  useSwaps([US]);
  scan(document.querySelector("section")!);
  expect(document.body.innerHTML).toBe("<div>415-555-0132</div><section>628-555-0101</section>");
});
