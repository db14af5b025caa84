import type { FlowMenu, FlowNode } from "../../../shared/api/ivr.ts";
import { RECORDING_QUESTION } from "./ivr-step.ts";

/** What is wrong with a menu: an RFC 6901 pointer into it and a sentence's end. */
export type MenuFault = { pointer: string; detail: string };

/** A way out of a step: which field names it, and where it leads. */
export type Exit = { pointer: string; to: string };

/** The longest way through a menu, in steps. A caller who went further would have hung up. */
export const DEPTH_MAX = 20;

/** Every way out of a step. Steps that end the call have none; `connect` and `ring_group` may have two. */
export function exitsOf(node: FlowNode): Exit[] {
  const otherwise = (to: string | undefined): Exit[] =>
    to === undefined ? [] : [{ pointer: "/otherwise", to }];
  switch (node.kind) {
    case "menu":
      return [
        ...node.keys.map(({ to }, i) => ({ pointer: `/keys/${i}/to`, to })),
        ...otherwise(node.otherwise),
      ];
    case "key_press":
      return [{ pointer: "/pressed", to: node.pressed }, ...otherwise(node.otherwise)];
    case "number_question":
      return [{ pointer: "/to", to: node.to }, ...otherwise(node.otherwise)];
    case "yes_no":
      return [
        { pointer: "/yes", to: node.yes },
        { pointer: "/no", to: node.no },
        ...otherwise(node.otherwise),
      ];
    case "say":
      return [{ pointer: "/to", to: node.to }];
    case "condition":
      return [{ pointer: "/met", to: node.met }, ...otherwise(node.otherwise)];
    case "connect":
    case "ring_group": {
      const { afterwards } = node;
      const on = afterwards === undefined ? [] : [{ pointer: "/afterwards", to: afterwards }];
      return [...on, ...otherwise(node.otherwise)];
    }
    case "voicemail":
    case "hang_up":
      return [];
  }
}

type Question = Extract<FlowNode, { tries: number }>;

export function isQuestion(node: FlowNode): node is Question {
  return "tries" in node;
}

/**
 * Everything that makes a menu no sound graph, each with its pointer; none when every caller, whatever is pressed,
 * comes in at most `DEPTH_MAX` steps to an end: connected, heard or told goodbye. `dead_air_s` bounds how long
 * somebody stays who presses nothing.
 */
export function checkMenu(menu: FlowMenu, dead_air_s: number): MenuFault[] {
  const named = checkNames(menu);
  // What leads nowhere cannot be walked: the rest is looked at once every step has a name and every way an end.
  if (named.length > 0) return named;
  const circles = findCircles(menu);
  if (circles.length > 0) return circles;
  return [...checkWays(menu, dead_air_s), ...checkQuestions(menu)];
}

const at = (index: number) => `/nodes/${index}`;

function checkNames({ start, nodes }: FlowMenu): MenuFault[] {
  const faults: MenuFault[] = [];
  const ids = new Set<string>();
  nodes.forEach((node, i) => {
    if (node.id === RECORDING_QUESTION) {
      faults.push({ pointer: `${at(i)}/id`, detail: `“${node.id}” is the question about recording` });
    }
    if (ids.has(node.id))
      faults.push({ pointer: `${at(i)}/id`, detail: `“${node.id}” names another step already` });
    ids.add(node.id);
    faults.push(...checkFields(node, at(i)));
  });
  if (!ids.has(start)) faults.push({ pointer: "/start", detail: `there is no step “${start}”` });
  nodes.forEach((node, i) => {
    for (const { pointer, to } of exitsOf(node)) {
      if (!ids.has(to)) faults.push({ pointer: at(i) + pointer, detail: `there is no step “${to}”` });
    }
  });
  return faults;
}

function checkFields(node: FlowNode, pointer: string): MenuFault[] {
  if (node.kind === "menu") {
    const offered = node.keys.map(({ key }) => key);
    return node.keys.flatMap(({ key }, i) =>
      offered.indexOf(key) < i
        ? [{ pointer: `${pointer}/keys/${i}/key`, detail: `${key} is offered twice` }]
        : [],
    );
  }
  if (node.kind === "number_question" && node.digits_min > node.digits_max) {
    return [{ pointer: `${pointer}/digits_min`, detail: `must be at most digits_max, ${node.digits_max}` }];
  }
  return [];
}

/** The steps by name, for menus whose names are checked. */
function byName({ nodes }: FlowMenu): ReadonlyMap<string, { node: FlowNode; index: number }> {
  return new Map(nodes.map((node, index) => [node.id, { node, index }]));
}

/** Every way that leads back to a step it came from: a caller could go round for ever. */
function findCircles(menu: FlowMenu): MenuFault[] {
  const steps = byName(menu);
  const done = new Set<string>();
  const open = new Set<string>();
  const faults: MenuFault[] = [];
  const visit = (id: string): void => {
    const step = steps.get(id);
    if (!step || done.has(id)) return;
    open.add(id);
    for (const { pointer, to } of exitsOf(step.node)) {
      if (open.has(to)) {
        const detail = `leads back to “${to}”: a caller could go round for ever`;
        faults.push({ pointer: at(step.index) + pointer, detail });
      } else visit(to);
    }
    open.delete(id);
    done.add(id);
  };
  for (const { id } of menu.nodes) visit(id);
  return faults;
}

/** How long a step waits for somebody who presses nothing. */
function silence_s(node: FlowNode): number {
  return isQuestion(node) ? node.tries * node.timeout_s : 0;
}

/** The steps in an order in which every way leads forward. Of a menu without circles. */
function inOrder(menu: FlowMenu): FlowNode[] {
  const steps = byName(menu);
  const done = new Set<string>();
  const order: FlowNode[] = [];
  const visit = (id: string): void => {
    const step = steps.get(id);
    if (!step || done.has(id)) return;
    done.add(id);
    for (const { to } of exitsOf(step.node)) visit(to);
    order.unshift(step.node);
  };
  visit(menu.start);
  return order;
}

/** What is never reached, lies too deep, or lets a silent caller wait too long. */
function checkWays(menu: FlowMenu, dead_air_s: number): MenuFault[] {
  const depths = new Map([[menu.start, 1]]);
  const silences_s = new Map<string, number>();
  for (const node of inOrder(menu)) {
    const depth = depths.get(node.id) ?? 1;
    const silent_s = (silences_s.get(node.id) ?? 0) + silence_s(node);
    for (const { pointer, to } of exitsOf(node)) {
      depths.set(to, Math.max(depths.get(to) ?? 0, depth + 1));
      // Only who presses nothing leaves a question by `otherwise`; who pressed something was not silent.
      const carried_s = !isQuestion(node) || pointer === "/otherwise" ? silent_s : 0;
      silences_s.set(to, Math.max(silences_s.get(to) ?? 0, carried_s));
    }
  }
  return menu.nodes.flatMap((node, i) => {
    const depth = depths.get(node.id);
    if (depth === undefined) return [{ pointer: at(i), detail: "no way leads here" }];
    const faults: MenuFault[] = [];
    if (depth > DEPTH_MAX)
      faults.push({ pointer: at(i), detail: `is step ${depth} of a way; at most ${DEPTH_MAX}` });
    const waited_s = (silences_s.get(node.id) ?? 0) + silence_s(node);
    if (isQuestion(node) && waited_s > dead_air_s) {
      const detail = `lets a silent caller wait ${waited_s} s, over the ${dead_air_s} s of dead_air_s`;
      faults.push({ pointer: `${at(i)}/timeout_s`, detail });
    }
    return faults;
  });
}

/** Conditions look back: at questions that were asked before on some way to them. */
function checkQuestions(menu: FlowMenu): MenuFault[] {
  const asked = new Map<string, Set<string>>();
  for (const node of inOrder(menu)) {
    const before = asked.get(node.id) ?? new Set<string>();
    const after = isQuestion(node) ? new Set([...before, node.id]) : before;
    for (const { to } of exitsOf(node)) asked.set(to, new Set([...(asked.get(to) ?? []), ...after]));
  }
  return menu.nodes.flatMap((node, i) =>
    node.kind !== "condition"
      ? []
      : node.tests.flatMap((test, k) =>
          "question" in test && !asked.get(node.id)?.has(test.question)
            ? [
                {
                  pointer: `${at(i)}/tests/${k}/question`,
                  detail: `“${test.question}” is not asked before this`,
                },
              ]
            : [],
        ),
  );
}
