import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterNobody, stepFlow, voicemailOf, walkFlow } from "../../edge/routing/model/ivr.ts";
import type { FlowCaller } from "../../edge/routing/model/ivr-condition.ts";
import { checkMenu } from "../../edge/routing/model/ivr-graph.ts";
import { extendPath, type FlowAnswer, pressedKeys, readPath } from "../../edge/routing/model/ivr-path.ts";
import type { CallFlow } from "../../shared/api/ivr.ts";
import { law } from "../support/laws.ts";
import { anyMenu, PLUMBER } from "./ivr-menus.ts";

/** Monday 2026-11-23, 10:00 in Los Angeles, and 22:00. */
const OPEN = Date.UTC(2026, 10, 23, 18);
const CLOSED = Date.UTC(2026, 10, 24, 6);
const caller = (at = OPEN, region: string | null = "US-CA"): FlowCaller => ({
  at,
  region,
  is_hidden: region === null,
});
const flow = (more: Partial<CallFlow> = {}): CallFlow => ({ caller_id: "caller", dead_air_s: 120, ...more });
const plumber = flow({ menu: PLUMBER, greeting: { say: "Welcome." } });

const answers = fc.array(
  fc
    .oneof(fc.constantFrom("1", "2", "9", "94110", "*", "#"), fc.constant(null))
    .map((keys) => ({ kind: "keys", keys }) as const),
  { maxLength: 30 },
);
/** Keys, and what becomes of the phones that are to ring. */
const outcomes = fc.array(
  fc.oneof(
    fc.constantFrom("1", "2", "9", "94110", null).map((keys) => ({ kind: "keys", keys }) as const),
    fc.constantFrom("unanswered", "closed", "qualified").map((kind) => ({ kind }) as const),
  ),
  { maxLength: 30 },
);
const pathOf = (given: readonly FlowAnswer[]) => given.reduce((path, answer) => extendPath(path, answer), "");

describe("a call without a flow", () => {
  it("is put through at once, to all of the campaign's targets, unrecorded", () => {
    expect(stepFlow(null, "", caller())).toMatchObject({
      kind: "connect",
      before: [],
      only: null,
      record: false,
      whisper: null,
      accept_key: null,
      caller_id: "caller",
    });
    expect(afterNobody(null, "", "unanswered", caller())).toBeNull();
  });
});

describe("the plumber's menu", () => {
  it("greets, then asks", () => {
    expect(stepFlow(plumber, "", caller())).toMatchObject({
      kind: "ask",
      question: "reason",
      before: [{ say: "Welcome." }],
      keys: ["1", "2"],
      digits_max: 1,
      finish_on_key: null,
    });
  });

  it.each([
    ["a leak nearby", "1.94110", { kind: "connect", only: { group_id: `tgg_${"1".repeat(26)}` } }],
    ["a leak far away", "1.10001", { kind: "hang_up", node: "far" }],
    ["a new bathroom", "2", { kind: "connect", only: { target_ids: [`tgt_${"2".repeat(26)}`] } }],
    ["a key that is not offered, once", "9", { kind: "ask", question: "reason", before: [] }],
    ["a key that is not offered, then one that is", "9.1", { kind: "ask", question: "code" }],
    ["silence", "-.-", { kind: "connect", node: "sales" }],
    ["too short a postal code, twice", "1.941.9", { kind: "connect", node: "sales" }],
    ["nobody there for the leak", "1.94110.x", { kind: "voicemail", node: "closed" }],
  ])("leads %s where it should", (_, path, step) => {
    expect(stepFlow(plumber, path, caller())).toMatchObject(step);
  });

  it("takes a message when it is closed, by the clock at the ring", () => {
    expect(stepFlow(plumber, "", caller(CLOSED))).toMatchObject({ kind: "voicemail", node: "closed" });
  });

  it("keeps what was answered, and nothing that led nowhere", () => {
    expect(walkFlow(plumber, "9.1.941.94110", caller()).answers).toEqual({ reason: "1", code: "94110" });
  });

  it("says where nobody took the call whether the menu goes on", () => {
    for (const [kind, letter] of [
      ["unanswered", "x"],
      ["closed", "c"],
    ] as const) {
      expect(afterNobody(plumber, "1.94110", kind, caller())).toMatchObject({
        step: { kind: "voicemail" },
        path: `1.94110.${letter}`,
      });
      expect(afterNobody(plumber, "2", kind, caller())).toBeNull();
    }
  });
});

describe("conditions", () => {
  const decide = (tests: object[], match: "all" | "any", path: string, who = caller()) => {
    const menu = {
      start: "zip",
      nodes: [
        {
          kind: "number_question",
          id: "zip",
          prompt: { say: "?" },
          digits_min: 1,
          digits_max: 5,
          to: "if",
          otherwise: "if",
          tries: 1,
          timeout_s: 5,
        },
        { kind: "condition", id: "if", match, tests, met: "yes", otherwise: "no" },
        { kind: "hang_up", id: "yes" },
        { kind: "hang_up", id: "no" },
      ],
    } as unknown as CallFlow["menu"];
    const step = stepFlow(flow({ menu }), path, who);
    return step.kind === "hang_up" ? step.node : step.kind;
  };
  const between = { kind: "between", question: "zip", from: 90000, to: 96199, not: false };
  const california = { kind: "region", regions: ["US-CA"], not: false };

  it("holds numbers between their bounds, both included, and none where nothing was pressed", () => {
    expect(decide([between], "all", "90000")).toBe("yes");
    expect(decide([between], "all", "96199")).toBe("yes");
    expect(decide([between], "all", "96200")).toBe("no");
    expect(decide([between], "all", "-")).toBe("no");
    expect(decide([{ ...between, not: true }], "all", "-")).toBe("yes");
  });

  it("joins tests with all or any", () => {
    expect(decide([between, california], "all", "90000", caller(OPEN, "US-NY"))).toBe("no");
    expect(decide([between, california], "any", "90000", caller(OPEN, "US-NY"))).toBe("yes");
  });

  it("knows a hidden caller, who comes from nowhere", () => {
    expect(decide([{ kind: "hidden_caller", not: false }], "all", "1", caller(OPEN, null))).toBe("yes");
    expect(decide([california], "all", "1", caller(OPEN, null))).toBe("no");
  });
});

describe("recording", () => {
  it("is announced to the caller before the phone rings, once", () => {
    const recorded = flow({ recording: { notice: { say: "We record." }, heard_by: [] } });
    expect(stepFlow(recorded, "", caller())).toMatchObject({
      kind: "connect",
      record: true,
      before: [{ say: "We record." }],
    });
  });

  it("goes on unrecorded for who declines by key, and recorded for who does not", () => {
    const asked = flow({ recording: { decline_key: "9", heard_by: [] } });
    expect(stepFlow(asked, "", caller())).toMatchObject({ kind: "ask", question: "recording", keys: ["9"] });
    expect(stepFlow(asked, "9", caller())).toMatchObject({ kind: "connect", record: false, before: [] });
    expect(stepFlow(asked, "-", caller())).toMatchObject({ kind: "connect", record: true, before: [] });
    expect(stepFlow(asked, "1", caller())).toMatchObject({ kind: "connect", record: true });
  });

  it("never begins untold, whatever the menu, the answers and who is open", () => {
    const notice = { say: "This call will be recorded." };
    const greeting = { say: "Welcome." };
    fc.assert(
      fc.property(anyMenu(true), outcomes, fc.boolean(), (menu, given, may_decline) => {
        if (checkMenu(menu, 600).length > 0) return;
        const recorded = flow({
          menu,
          greeting,
          recording: { notice, heard_by: [], ...(may_decline && { decline_key: "9" }) },
        });
        const heard: object[] = [];
        let path = "";
        for (const answer of given) {
          const step = stepFlow(recorded, path, caller());
          const next = extendPath(path, answer);
          if (walkFlow(recorded, next, caller()).is_beyond) continue;
          // A step is heard, but for one that would ring somebody where nobody is open.
          if (step.kind !== "connect" || answer.kind !== "closed") heard.push(...step.before);
          path = next;
        }
        const last = stepFlow(recorded, path, caller());
        heard.push(...last.before);
        if (last.kind === "connect" && last.record) expect(heard).toContainEqual(notice);
        expect(heard.filter((prompt) => prompt === greeting)).toHaveLength(1);
      }),
      law(300),
    );
  });
});

describe("any sound menu", () => {
  it("comes to an end for any caller, and a silent one in time", () => {
    fc.assert(
      fc.property(anyMenu(true), answers, (menu, given) => {
        if (checkMenu(menu, 600).length > 0) return;
        const of = flow({ menu });
        const silent = pathOf(Array.from({ length: 30 }, () => ({ kind: "keys", keys: null }) as const));
        expect(stepFlow(of, silent, caller()).kind).not.toBe("ask");
        const pressing = pathOf([
          ...given,
          ...Array.from({ length: 30 }, () => ({ kind: "keys", keys: "1" }) as const),
        ]);
        expect(stepFlow(of, pressing, caller()).kind).not.toBe("ask");
      }),
      law(300),
    );
  });

  it("is walked alike each time, and an answer only ever leads on", () => {
    fc.assert(
      fc.property(anyMenu(true), answers, (menu, given) => {
        if (checkMenu(menu, 600).length > 0) return;
        const of = flow({ menu });
        const path = pathOf(given);
        expect(stepFlow(of, path, caller())).toEqual(stepFlow(of, path, caller()));
        const before = walkFlow(of, pathOf(given.slice(0, -1)), caller());
        const after = walkFlow(of, path, caller());
        expect(after.passed.slice(0, before.passed.length)).toEqual(before.passed);
      }),
      law(200),
    );
  });
});

describe("a path", () => {
  it("is read as it was written", () => {
    const answer = fc.oneof(
      fc.record({
        kind: fc.constant("keys" as const),
        keys: fc.option(fc.stringMatching(/^[0-9*#]{1,12}$/)),
      }),
      fc.record({ kind: fc.constantFrom("unanswered" as const, "closed" as const, "qualified" as const) }),
    );
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 40 }), (given) => {
        expect(readPath(given.reduce((path, one) => extendPath(path, one), ""))).toEqual(given);
      }),
      law(200),
    );
  });

  it("of a stranger's making leads nowhere and breaks nothing", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(["ask", "connect", "voicemail", "hang_up"]).toContain(stepFlow(plumber, text, caller()).kind);
      }),
      law(200),
    );
    expect(readPath("1.drop table")).toBeNull();
  });

  it("holds keys only", () => {
    expect(pressedKeys("1a")).toBeNull();
    expect(pressedKeys("")).toBeNull();
    expect(pressedKeys("*9#")).toBe("*9#");
    expect(pressedKeys("4".repeat(16))).toBe("4".repeat(12));
  });
});

describe("a message", () => {
  it("is taken with the flow's own words, or ours", () => {
    expect(voicemailOf(flow({ voicemail: { prompt: { say: "Speak." }, max_duration_s: 60 } }))).toMatchObject(
      {
        prompt: { say: "Speak." },
        max_duration_s: 60,
      },
    );
    expect(voicemailOf(null).prompt).toHaveProperty("say");
  });
});
