import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../shared/api/reports.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, type Side, startDemo } from "../support/demo-world.ts";

let demo: DemoWorld;
beforeAll(async () => {
  demo = await startDemo();
}, DEMO_TIMEOUT_MS);
afterAll(() => demo?.stop());

async function report(side: Side, query: string): Promise<Report> {
  const signedIn = await fetch(`${demo.url}/demo/sign-in?as=${side}`, { redirect: "manual" });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const answer = await fetch(`${demo.url}/api/v1/reports?${query}`, { headers: { cookie } });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Report;
}

describe("the demo's months", () => {
  it.each([
    ["payout_status", ["pending", "qualified", "held", "paid", "rejected", "reversed"]],
    ["attribution", ["lease", "late_lease", "static_number", "none"]],
  ])("have calls of every %s", async (group, all) => {
    const { data } = await report("network", `metrics=calls&group_by=${group}`);
    expect(data.map((row) => row[group])).toEqual(expect.arrayContaining(all));
  });

  it("have clicks on a publisher's links, and calls that these prove", async () => {
    const clicks = await report("network", "metrics=clicks&group_by=publisher_id");
    const clicked = clicks.data.find((row) => Number(row.clicks) > 20)?.publisher_id;
    expect(clicked).toMatch(/^org_/);
    const calls = await report("network", "metrics=payable_calls&group_by=publisher_id,site_id");
    const proven = calls.data.filter((row) => row.publisher_id === clicked && row.site_id !== null);
    expect(proven.some((row) => Number(row.payable_calls) > 0)).toBe(true);
  });

  it("have paid calls on both sides, and some that the network still has to pay", async () => {
    for (const side of ["advertiser", "publisher"] as const) {
      const { totals } = await report(side, "metrics=paid_calls");
      expect(totals.paid_calls).toBeGreaterThan(10);
    }
    const { totals } = await report("network", "metrics=paid_calls,payable_calls");
    expect(totals.paid_calls).toBeLessThan(Number(totals.payable_calls));
  });
});
