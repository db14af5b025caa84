import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NBSP } from "../../dashboard/format.ts";
import { gatherMenuFaults, readFlow, readMenu, writeMenu } from "../../dashboard/pages/flow/draft.ts";
import { EXAMPLES } from "../../dashboard/pages/flow/examples.ts";
import { layOut } from "../../dashboard/pages/flow/layout.ts";
import { flowFacts, flowSentence } from "../../dashboard/pages/flow/sentence.ts";
import { nodeWords, waysOut } from "../../dashboard/pages/flow/words.ts";
import { atWall } from "../../dashboard/zone.ts";
import { checkMenu, exitsOf } from "../../edge/routing/model/ivr-graph.ts";
import type { CallFlow } from "../../shared/api/ivr.ts";
import { anyMenu, PLUMBER } from "../routing/ivr-menus.ts";
import { law } from "../support/laws.ts";

const flow = (more: Partial<CallFlow> = {}): CallFlow => ({ caller_id: "caller", dead_air_s: 120, ...more });
const plain = (text: string) => text.replaceAll(NBSP, " ");
const names = { target: (id: string) => id, group: () => "Plumbers" };

describe("a drawn menu", () => {
  it("shows every step in a place of its own, with every way leading down", () => {
    fc.assert(
      fc.property(fc.oneof(anyMenu(true), anyMenu(false)), (menu) => {
        const { placed, ways, rows, columns } = layOut(menu);
        expect(placed.map(({ node }) => node.id).sort()).toEqual(menu.nodes.map(({ id }) => id).sort());
        expect(new Set(placed.map(({ row, column }) => `${row}/${column}`)).size).toBe(placed.length);
        const row = (id: string) => placed.find(({ node }) => node.id === id)?.row ?? -1;
        for (const { from, to, via } of ways) {
          expect([row(from), ...via.map((point) => point.row), row(to)]).toEqual(
            Array.from({ length: via.length + 2 }, (_, i) => row(from) + i),
          );
        }
        for (const { row, column } of placed) {
          expect(row).toBeLessThan(rows);
          expect(column).toBeGreaterThanOrEqual(0);
          expect(column).toBeLessThanOrEqual(columns - 1);
        }
      }),
      law(200),
    );
  });

  it("has the ways that a call can go, and no others", () => {
    for (const node of PLUMBER.nodes) {
      expect(new Set(waysOut(node).map(({ to }) => to))).toEqual(new Set(exitsOf(node).map(({ to }) => to)));
    }
    const drawn = layOut(PLUMBER).ways.map(({ from, to, label }) => `${from} –${label}→ ${to}`);
    expect(drawn).toContain("reason –2, none→ sales");
    expect(drawn).toContain("plumber –no answer→ closed");
  });

  it("says each step in words", () => {
    const words = Object.fromEntries(PLUMBER.nodes.map((node) => [node.id, nodeWords(node, names)]));
    expect(words).toMatchObject({
      hours: "within Mon–Fri 08:00–18:00",
      near: "“code” begins with 941, 946",
      plumber: "Plumbers",
    });
  });
});

describe("the form of a call flow", () => {
  it("reads back the menu that it wrote", () => {
    expect(readMenu(writeMenu(PLUMBER))).toEqual({ ok: true, value: PLUMBER });
    expect(readMenu("{").ok).toBe(false);
    expect(readMenu("[]").ok).toBe(false);
  });

  it("reads what is heard, recorded and asked", () => {
    const read = readFlow({
      greeting: "Welcome.",
      whisper: "https://sounds.example/whisper.mp3",
      recording: "may_decline",
      "recording/decline_key": "9",
      "recording/advertiser": "on",
      accept_key: "1",
      caller_id: "own",
      "caller_id/own": "+14155550199",
      max_duration_s: "60 min",
      ring_max_s: "2 min",
      recordings_kept_days: "30",
      dead_air_s: "90 s",
      "voicemail/prompt": "Speak.",
    });
    expect(read).toEqual({
      ok: true,
      value: {
        greeting: { say: "Welcome." },
        whisper: { play: "https://sounds.example/whisper.mp3" },
        recording: { heard_by: ["advertiser"], decline_key: "9" },
        accept_key: "1",
        caller_id: "+14155550199",
        max_duration_s: 3_600,
        ring_max_s: 120,
        recordings_kept_days: 30,
        dead_air_s: 90,
        voicemail: { prompt: { say: "Speak." }, max_duration_s: 120 },
      },
    });
  });

  it("records nothing unless it is told to", () => {
    expect(readFlow({ recording: "off", caller_id: "caller", dead_air_s: "120 s" })).toEqual({
      ok: true,
      value: { caller_id: "caller", dead_air_s: 120 },
    });
    expect(flowFacts(flow()).find(({ label }) => label === "Recording")?.words).toBe("off");
  });

  it("shows what is wrong inside the menu at the menu, with its place", () => {
    expect(
      gatherMenuFaults([
        { pointer: "/menu/nodes/1/otherwise", detail: "there is no step “x”" },
        { pointer: "/caller_id", detail: "there is no such number of yours" },
      ]),
    ).toEqual([
      { pointer: "/caller_id", detail: "there is no such number of yours" },
      { pointer: "/menu", detail: "/nodes/1/otherwise: there is no step “x”" },
    ]);
  });
});

describe("a call flow in a sentence", () => {
  it("says who is asked and recorded", () => {
    expect(flowSentence(null)).toMatch(/put through at once/);
    expect(plain(flowSentence(flow({ menu: PLUMBER, recording: { decline_key: "9", heard_by: [] } })))).toBe(
      "A caller hears no greeting and goes through 8 steps with 2 questions. " +
        "The call is recorded unless the caller declines with 9, and both are told before.",
    );
  });
});

describe("a moment by the wall clock", () => {
  it("is the zone's own, on both sides of its changes", () => {
    const zone = "America/Los_Angeles";
    expect(atWall("2026-11-20T10:00", zone)).toBe(Date.UTC(2026, 10, 20, 18));
    expect(atWall("2026-07-20T10:00", zone)).toBe(Date.UTC(2026, 6, 20, 17));
    // 01:30 comes twice on 1 November 2026: the earlier one.
    expect(atWall("2026-11-01T01:30", zone)).toBe(Date.UTC(2026, 10, 1, 8, 30));
    expect(atWall("", zone)).toBeNull();
  });
});

describe("the examples to begin with", () => {
  it.each(EXAMPLES.map(({ name, menu }) => [name, menu] as const))("%s holds together", (_, menu) => {
    expect(checkMenu(menu, 120)).toEqual([]);
    expect(readMenu(writeMenu(menu))).toEqual({ ok: true, value: menu });
  });
});
