import { PAGE_NUMBER } from "./cast.ts";

/**
 * The demo's landing page: what a publisher's page for a plumber looks like, with the tag on it exactly as the
 * snippet says, and a labelled bench at its foot that places a sandbox call to whatever number is shown.
 */
export function landingPage(site_key: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Redwood Plumbing: a plumber at your door today (demo)</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<script async src="/t/${site_key}.js"></script>
</head>
<body>
<aside class="ribbon" aria-label="About this page">Demo page: the company, its people and its prices are invented.</aside>
<header>
  <a class="brand" href="/demo"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2c4 5 6.5 8.4 6.5 12a6.5 6.5 0 0 1-13 0C5.500 10.400 8 7 12 2z"/></svg>Redwood Plumbing</a>
  <nav aria-label="Page"><a href="#work">What we fix</a><a href="#price">Prices</a></nav>
  <a class="call" href="tel:${PAGE_NUMBER}" aria-label="Call (415) 555-0132">(415) 555-0132</a>
</header>
<main>
<section class="hero">
  <div>
    <h1>Water where it should not be? We are on our way.</h1>
    <p>Licensed plumbers across San Francisco and the East Bay, at your door within ninety minutes, day or night. You hear the price before we open a single pipe.</p>
    <p class="act"><a class="button" href="tel:${PAGE_NUMBER}">Call 415-555-0132</a><span>Answered by a person, around the clock</span></p>
  </div>
  <ol class="steps">
    <li><b>Call</b><span>Tell us what leaks. A plumber, not a call centre, picks up.</span></li>
    <li><b>Know the price</b><span>A fixed quote by text message before anybody leaves.</span></li>
    <li><b>Dry again</b><span>Nine of ten repairs are finished on the first visit.</span></li>
  </ol>
</section>
<section id="work">
  <h2>What we fix</h2>
  <ul class="work">
    <li><b>Burst and leaking pipes</b>Copper, PEX and galvanised, behind walls and under slabs.</li>
    <li><b>Blocked drains</b>Camera first, so that you see what we see.</li>
    <li><b>Water heaters</b>Repair the same day, replacement the next.</li>
    <li><b>Sewer lines</b>Trenchless where the ground allows it.</li>
  </ul>
</section>
<section id="price">
  <h2>What it costs</h2>
  <table>
    <thead><tr><th scope="col">Job</th><th scope="col">Daytime</th><th scope="col">Night and Sunday</th></tr></thead>
    <tbody>
      <tr><th scope="row">Call-out and first half hour</th><td>$89</td><td>$149</td></tr>
      <tr><th scope="row">Drain cleared, with camera</th><td>$185</td><td>$245</td></tr>
      <tr><th scope="row">Pipe section replaced</th><td>from $260</td><td>from $340</td></tr>
    </tbody>
  </table>
</section>
</main>
<footer><p>Redwood Plumbing, 41 Larkin Street, San Francisco. Call <a href="tel:${PAGE_NUMBER}">+1 415 555 0132</a>.</p></footer>
<aside class="bench" aria-label="Demo bench" data-ringtrail-skip>
  <div>
    <p class="shown">This page was written with <b>(415) 555&#8209;0132</b>. The tag shows you <b id="shown" aria-live="polite">the same</b>.</p>
    <p class="hint"><a href="/demo?utm_source=google&amp;utm_medium=cpc&amp;utm_term=burst+pipe&amp;gclid=demo">Arrive from an ad</a>, with its source, its keyword and a click id in the address.</p>
  </div>
  <div class="buttons">
    <button type="button" id="call" data-connected="126">Place a test call</button>
    <button type="button" class="second" data-connected="23">Place one that hangs up early</button>
  </div>
  <p id="told" role="status"></p>
</aside>
<script>${SCRIPT}</script>
</body>
</html>`;
}

const STYLE = `
:root{color-scheme:light dark;--paper:light-dark(#fbfaf7,#14181a);--ink:light-dark(#17211f,#e9edeb);--soft:light-dark(#51605c,#a5b3af);
--brand:light-dark(#0f5f4c,#62c9ab);--on-brand:light-dark(#fff,#06231b);--line:light-dark(#dcdfd9,#2b3330);--wash:light-dark(#eef3ee,#1a211f)}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.55 system-ui,sans-serif}
.ribbon{padding:6px 24px;background:var(--wash);color:var(--soft);font-size:13px;text-align:center}
header,main,footer{max-width:1080px;margin:auto;padding:0 24px}
header{display:flex;align-items:center;gap:28px;padding-block:20px;flex-wrap:wrap}
.brand{display:flex;align-items:center;gap:10px;font-weight:700;color:inherit;text-decoration:none}.brand svg{width:22px;fill:var(--brand)}
nav{display:flex;gap:20px;margin-inline:auto 0}nav a{color:var(--soft);text-decoration:none}
.call{font-weight:700;color:var(--brand);text-decoration:none;font-size:19px;font-variant-numeric:tabular-nums;white-space:nowrap}
.hero{display:grid;grid-template-columns:1.35fr 1fr;gap:56px;align-items:center;padding:56px 0 72px}
h1{font-size:clamp(34px,5.2vw,58px);line-height:1.06;letter-spacing:-.025em;margin:0 0 20px;text-wrap:balance}
.hero p{color:var(--soft);max-width:34em;margin:0 0 28px;font-size:19px}
.act{display:flex;align-items:center;gap:18px;flex-wrap:wrap}.act span{font-size:15px}
.button,.bench button{display:inline-block;background:var(--brand);color:var(--on-brand);border:0;border-radius:8px;padding:15px 26px;font-family:inherit;font-size:18px;font-weight:600;line-height:1.2;text-decoration:none;cursor:pointer;font-variant-numeric:tabular-nums}
.steps{list-style:none;margin:0;padding:0;counter-reset:s;border-left:2px solid var(--brand)}
.steps li{counter-increment:s;padding:0 0 26px 28px;position:relative}.steps li:last-child{padding-bottom:0}
.steps li::before{content:"";box-sizing:border-box;position:absolute;left:-7px;top:7px;width:12px;height:12px;border-radius:50%;background:var(--paper);border:2px solid var(--brand)}
.steps b{display:block}.steps span{color:var(--soft);font-size:16px}
section{border-top:1px solid var(--line);padding:48px 0}.hero{border:0}h2{font-size:28px;letter-spacing:-.015em;margin:0 0 22px}
.work{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:28px 40px;color:var(--soft)}.work b{display:block;color:var(--ink)}
table{border-collapse:collapse;width:100%;max-width:720px;font-variant-numeric:tabular-nums}th,td{padding:12px 0;border-bottom:1px solid var(--line);text-align:left;font-weight:400}td,thead th:not(:first-child){text-align:right;padding-left:16px}td{white-space:nowrap}thead th{color:var(--soft);font-size:14px}
footer{padding-bottom:200px;color:var(--soft);font-size:15px}footer p{margin:0;padding-top:28px;border-top:1px solid var(--line)}footer a{color:inherit}
.bench{position:fixed;inset:auto 0 0;background:var(--wash);border-top:1px solid var(--line);padding:16px max(24px,calc(50% - 516px));display:flex;gap:12px 24px;align-items:center;justify-content:space-between;flex-wrap:wrap;font-size:15px}
.bench>div:first-child{flex:1 1 0;min-width:min(100%,26rem)}.bench p{margin:0}.bench .hint{color:var(--soft);font-size:13px}.bench .hint a{color:inherit}.bench b{font-variant-numeric:tabular-nums;white-space:nowrap}
.buttons{display:flex;gap:10px;flex-wrap:wrap}.bench button{padding:11px 18px;font-size:15px}.bench button.second{background:none;color:var(--ink);box-shadow:inset 0 0 0 1px var(--soft)}
.bench button[disabled]{opacity:.55;cursor:progress}#told{flex-basis:100%}#told:empty{display:none}#told a{color:var(--brand)}
:focus-visible{outline:2px solid var(--brand);outline-offset:3px}
@media (max-width:760px){.hero{grid-template-columns:1fr;gap:40px;padding-block:32px 48px}nav{display:none}header{gap:12px}.brand{font-size:16px}header .call{margin-left:auto;font-size:16px}.bench{position:static}footer{padding-bottom:28px}}
`;

/**
 * The bench calls whatever number the page shows, as a visitor's phone would. Every test call comes from a phone of
 * its own, so who places a second one is somebody else: the page forgets its visitor first, by the tag's own API.
 */
const SCRIPT = `
const CALLED = "ringtrail-demo-called";
const link = document.querySelector("header .call");
const told = document.getElementById("told");
const show = () => { document.getElementById("shown").textContent = link.textContent; };
document.addEventListener("ringtrail:swap", show);
const leaseShown = () => window.ringtrail?.get()?.lease ?? "";
let called = "";
try { called = sessionStorage[CALLED] ?? ""; } catch {}
function remember() {
  called = leaseShown();
  try { sessionStorage[CALLED] = called; } catch {}
}
async function comeAnew() {
  if (!leaseShown() || leaseShown() !== called) return false;
  window.ringtrail.consent("denied");
  const shown = new Promise((done) => {
    document.addEventListener("ringtrail:swap", done, { once: true });
    setTimeout(done, 3000);
  });
  window.ringtrail.consent("granted");
  await shown;
  return true;
}
for (const button of document.querySelectorAll(".bench button")) {
  button.addEventListener("click", async () => {
    for (const other of document.querySelectorAll(".bench button")) other.disabled = true;
    try {
      if (await comeAnew()) told.textContent = "As another visitor: ringing " + link.textContent + " …";
      else told.textContent = "Ringing " + link.textContent + " …";
      remember();
      const response = await fetch("/demo/call", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ to: link.getAttribute("href").slice(4), connected_s: Number(button.dataset.connected) }),
      });
      const call = await response.json();
      if (!response.ok) throw new Error(call.detail);
      told.textContent = "Connected for " + button.dataset.connected + " s. ";
      const open = document.createElement("a");
      open.href = "/calls/" + call.id;
      open.dataset.call = call.id;
      open.textContent = "See who called, why we think so, and who pays";
      told.append(open);
    } catch (error) {
      told.textContent = "The test call failed: " + error.message;
    }
    for (const other of document.querySelectorAll(".bench button")) other.disabled = false;
  });
}
`;
