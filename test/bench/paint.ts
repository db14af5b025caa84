import { launchChromium } from "../support/chromium.ts";
import { startDemo } from "../support/demo-world.ts";
import { type Figure, median, round } from "./figure.ts";

const RUNS = 5;

/** First contentful paint of a network's overview, nothing cached, against an empty page of the same server, in turn. */
export async function benchPaint(): Promise<Figure[]> {
  const [world, browser] = await Promise.all([startDemo(), launchChromium()]);
  try {
    const paint = async (path: string) => {
      const context = await browser.newContext();
      await world.signIn(context, "network");
      const page = await context.newPage();
      await page.route("**/empty", (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>empty</title><p>Empty</p>" }),
      );
      await page.goto(`${world.url}${path}`);
      const at = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const observer = new PerformanceObserver((list) => {
              const found = list.getEntriesByName("first-contentful-paint")[0];
              if (found) resolve(found.startTime);
            });
            observer.observe({ type: "paint", buffered: true });
          }),
      );
      await context.close();
      return at;
    };
    await paint("/");
    const pairs: { value: number; reference: number }[] = [];
    for (let run = 0; run < RUNS; run++)
      pairs.push({ value: await paint("/"), reference: await paint("/empty") });
    return [
      {
        name: "dashboard first paint",
        ratio: round(median(pairs.map((pair) => pair.value / pair.reference))),
        value: round(median(pairs.map((pair) => pair.value)), 0),
        reference: round(median(pairs.map((pair) => pair.reference)), 0),
        unit: "ms",
        better: "lower",
        runs: RUNS,
      },
    ];
  } finally {
    await browser.close();
    await world.stop();
  }
}
