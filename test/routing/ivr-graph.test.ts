import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMenu, DEPTH_MAX, exitsOf } from "../../edge/routing/model/ivr-graph.ts";
import type { FlowMenu, FlowNode } from "../../shared/api/ivr.ts";
import { law } from "../support/laws.ts";
import { anyMenu, PLUMBER } from "./ivr-menus.ts";

const pointersOf = (menu: FlowMenu, dead_air_s = 600) =>
  checkMenu(menu, dead_air_s).map(({ pointer }) => pointer);
const step = (id: string, to: string): FlowNode => ({ kind: "say", id, prompt: { say: "Hello." }, to });
const end = (id: string): FlowNode => ({ kind: "hang_up", id });

/** The menu with one step changed. */
function with_(id: string, change: object): FlowMenu {
  const nodes = PLUMBER.nodes.map((node) => (node.id === id ? ({ ...node, ...change } as FlowNode) : node));
  return { ...PLUMBER, nodes };
}

describe("a menu as a graph", () => {
  it("has no fault when every way ends", () => {
    expect(checkMenu(PLUMBER, 120)).toEqual([]);
  });

  it.each([
    ["a start that is no step", { ...PLUMBER, start: "nowhere" }, "/start"],
    [
      "a key that leads nowhere",
      with_("reason", {
        keys: [
          { key: "1", to: "nowhere" },
          { key: "2", to: "sales" },
        ],
      }),
      "/nodes/1/keys/0/to",
    ],
    [
      "a key offered twice",
      with_("reason", {
        keys: [
          { key: "1", to: "code" },
          { key: "1", to: "sales" },
        ],
      }),
      "/nodes/1/keys/1/key",
    ],
    [
      "a way for the silent that leads nowhere",
      with_("code", { otherwise: "nowhere" }),
      "/nodes/2/otherwise",
    ],
    ["a name given twice", { ...PLUMBER, nodes: [...PLUMBER.nodes, end("far")] }, "/nodes/8/id"],
    ["a step that no way leads to", { ...PLUMBER, nodes: [...PLUMBER.nodes, end("lost")] }, "/nodes/8"],
    ["a way back", with_("code", { otherwise: "reason" }), "/nodes/2/otherwise"],
    [
      "a group that falls back to its own question",
      with_("plumber", { otherwise: "near" }),
      "/nodes/4/otherwise",
    ],
    ["digits_min above digits_max", with_("code", { digits_min: 6 }), "/nodes/2/digits_min"],
    [
      "a condition on a question that is never asked before",
      with_("hours", { tests: [{ kind: "pressed", question: "code", keys: ["1"], not: false }] }),
      "/nodes/0/tests/0/question",
    ],
  ])("names %s", (_, menu, pointer) => {
    expect(pointersOf(menu as FlowMenu)).toContain(pointer);
  });

  it("is at most so many steps deep, counted along the longest way", () => {
    const chain = (steps: number): FlowMenu => ({
      start: "s1",
      nodes: Array.from({ length: steps }, (_, i) =>
        i + 1 < steps ? step(`s${i + 1}`, `s${i + 2}`) : end(`s${steps}`),
      ),
    });
    expect(pointersOf(chain(DEPTH_MAX))).toEqual([]);
    expect(pointersOf(chain(DEPTH_MAX + 1))).toEqual([`/nodes/${DEPTH_MAX}`]);
  });

  it("lets nobody wait in silence longer than allowed", () => {
    // Two tries of 5 s each, and then straight to sales; after a postal code two tries of 8 s more.
    expect(pointersOf(PLUMBER, 16)).toEqual([]);
    expect(pointersOf(PLUMBER, 15)).toEqual(["/nodes/2/timeout_s"]);
    const silent = with_("reason", { otherwise: "code" });
    expect(pointersOf(silent, 26)).toEqual([]);
    expect(pointersOf(silent, 25)).toEqual(["/nodes/2/timeout_s"]);
  });

  it("has no fault exactly when every way there is ends, in any graph", () => {
    const isSound = (menu: FlowMenu): boolean => {
      const find = (id: string) => menu.nodes.find((node) => node.id === id);
      const seen = new Set<string>();
      const ends = (id: string, depth: number): boolean => {
        const node = find(id);
        if (!node || depth > menu.nodes.length) return false;
        seen.add(id);
        return exitsOf(node).every(({ to }) => ends(to, depth + 1));
      };
      return ends(menu.start, 1) && seen.size === menu.nodes.length;
    };
    fc.assert(
      fc.property(fc.oneof(anyMenu(false), anyMenu(true)), (menu) => {
        expect(checkMenu(menu, 600).length === 0).toBe(isSound(menu));
      }),
      law(400),
    );
  });
});
