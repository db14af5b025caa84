import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { Me } from "../../shared/api/organizations.ts";
import type { Report } from "../../shared/api/reports.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, type Side, startDemo } from "../support/demo-world.ts";

let demo: DemoWorld;
beforeAll(async () => {
  demo = await startDemo();
}, DEMO_TIMEOUT_MS);
afterAll(() => demo?.stop());

/** The cookies of a browser that had these and then pressed this side's sign-in. */
async function signIn(side: Side, cookies: Record<string, string> = {}): Promise<Record<string, string>> {
  const headers = { cookie: cookieOf(cookies) };
  const answer = await fetch(`${demo.url}/demo/sign-in?as=${side}`, { redirect: "manual", headers });
  const set = answer.headers.getSetCookie().map((one) => /^([^=]+)=([^;]*)/.exec(one)?.slice(1) ?? []);
  return { ...cookies, ...Object.fromEntries(set) };
}
const cookieOf = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map((pair) => pair.join("="))
    .join("; ");

async function report(side: Side, query: string): Promise<Report> {
  const cookie = cookieOf(await signIn(side));
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

  it("have a dispute that was decided, and to each side one of its own that waits", async () => {
    const listed = async (side: Side) => {
      const headers = { cookie: cookieOf(await signIn(side)) };
      const answer = await fetch(`${demo.url}/api/v1/disputes`, { headers });
      const { data } = (await answer.json()) as { data: Dispute[] };
      return data.map(({ opened_by, status }) => `${opened_by} ${status}`);
    };
    expect(await listed("network")).toEqual(["publisher open", "advertiser open", "advertiser partial"]);
    expect(await listed("advertiser")).toEqual(["advertiser open", "advertiser partial"]);
    expect(await listed("publisher")).toContain("publisher open");
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

describe("a demo sign-in", () => {
  it("is that of the side that was pressed, wherever one worked before", async () => {
    const organizationOf = async (cookies: Record<string, string>) => {
      const answer = await fetch(`${demo.url}/api/v1/me`, { headers: { cookie: cookieOf(cookies) } });
      return ((await answer.json()) as Me).organization;
    };
    const publisher = await organizationOf(await signIn("publisher"));
    // The network's person is one of the publisher's, too, and has switched there.
    const network = await signIn("network");
    const switched = await fetch(`${demo.url}/auth/organization/set-active`, {
      method: "POST",
      headers: { cookie: cookieOf(network), origin: demo.url, "content-type": "application/json" },
      body: JSON.stringify({ organizationId: publisher.id }),
    });
    const [set = ""] = switched.headers.getSetCookie();
    const [name = "", value = ""] = set.split(/[=;]/);
    const there = { ...network, [name]: value };
    expect(await organizationOf(there)).toEqual(publisher);
    expect((await organizationOf(await signIn("network", there))).kind).toBe("network");
    expect((await organizationOf(await signIn("advertiser", there))).kind).toBe("advertiser");
  });
});
