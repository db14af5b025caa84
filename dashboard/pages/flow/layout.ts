import type { FlowMenu, FlowNode } from "../../../shared/api/ivr.ts";
import { waysOut } from "./words.ts";

/** A step's place in the drawing: its row from the start, and where in the row. In grid units, half ones included. */
export type Placed = { node: FlowNode; row: number; column: number };
/** A way from a step to a later one, with the points it bends at between rows. */
export type Way = { from: string; to: string; label: string; via: { row: number; column: number }[] };
export type Drawing = { placed: Placed[]; ways: Way[]; rows: number; columns: number };

/** A cell of the grid that is being filled: a step, or where a long way passes a row. */
type Cell = { key: string; row: number; above: string[] };

const SWEEPS = 4;

/**
 * Where everything of a menu goes: each step one row below the latest step that leads to it (so every way leads
 * down), long ways through cells of their own, and the cells of a row in the order of what stands above and below
 * them (Sugiyama, Tagawa, Toda 1981). A menu with circles or with loose ends is drawn as far as it holds together.
 */
export function layOut({ start, nodes }: FlowMenu): Drawing {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const rows = rowsOf(start, byId);
  const ways = waysOf(nodes, rows);
  const cells = cellsOf(nodes, rows, ways);
  const columns = columnsOf(cells);
  const at = (key: string) => columns.get(key) ?? 0;
  const placed = nodes.flatMap((node) => {
    const row = rows.get(node.id);
    return row === undefined ? [] : [{ node, row, column: at(node.id) }];
  });
  return {
    placed: placed.sort((a, b) => a.row - b.row || a.column - b.column),
    ways: ways.map(({ from, to, label, between }) => ({
      from,
      to,
      label,
      via: between.map(({ key, row }) => ({ row, column: at(key) })),
    })),
    rows: Math.max(0, ...rows.values()) + 1,
    columns: Math.max(0, ...columns.values()) + 1,
  };
}

/** The longest way from the start to each step; steps that nothing leads to stand at the end of the first row. */
function rowsOf(start: string, byId: ReadonlyMap<string, FlowNode>): Map<string, number> {
  const rows = new Map<string, number>();
  const open = new Set<string>();
  const visit = (id: string, row: number): void => {
    const node = byId.get(id);
    // A way back is not followed: it would never end.
    if (!node || open.has(id) || (rows.get(id) ?? -1) >= row) return;
    rows.set(id, row);
    open.add(id);
    for (const { to } of waysOut(node)) visit(to, row + 1);
    open.delete(id);
  };
  visit(start, 0);
  for (const id of byId.keys()) if (!rows.has(id)) rows.set(id, 0);
  return rows;
}

type Between = { key: string; row: number };
type LongWay = { from: string; to: string; label: string; between: Between[] };

function waysOf(nodes: readonly FlowNode[], rows: ReadonlyMap<string, number>): LongWay[] {
  return nodes.flatMap((node) => {
    const merged = new Map<string, string[]>();
    for (const { to, label } of waysOut(node)) merged.set(to, [...(merged.get(to) ?? []), label]);
    return Array.from(merged).flatMap(([to, labels]): LongWay[] => {
      const [first, last] = [rows.get(node.id), rows.get(to)];
      if (first === undefined || last === undefined || last <= first) return [];
      const between = Array.from({ length: last - first - 1 }, (_, i) => ({
        key: `${node.id}>${to}>${i}`,
        row: first + 1 + i,
      }));
      return [{ from: node.id, to, label: labels.filter(Boolean).join(", "), between }];
    });
  });
}

function cellsOf(
  nodes: readonly FlowNode[],
  rows: ReadonlyMap<string, number>,
  ways: readonly LongWay[],
): Cell[] {
  const above = new Map<string, string[]>();
  for (const { from, to, between } of ways) {
    const chain = [from, ...between.map(({ key }) => key), to];
    chain.slice(1).forEach((key, i) => {
      above.set(key, [...(above.get(key) ?? []), chain[i] ?? from]);
    });
  }
  const steps = nodes.map((node) => ({ key: node.id, row: rows.get(node.id) ?? 0 }));
  const passing = ways.flatMap(({ between }) => between);
  return [...steps, ...passing].map(({ key, row }) => ({ key, row, above: above.get(key) ?? [] }));
}

/** Columns by the middle of the neighbours above, then below, a few times over; each row centred. */
function columnsOf(cells: readonly Cell[]): Map<string, number> {
  const byRow = new Map<number, string[]>();
  for (const { key, row } of cells) byRow.set(row, [...(byRow.get(row) ?? []), key]);
  const above = new Map(cells.map((cell) => [cell.key, cell.above]));
  const below = new Map<string, string[]>();
  for (const { key, above: over } of cells) {
    for (const one of over) below.set(one, [...(below.get(one) ?? []), key]);
  }
  const widest = Math.max(...Array.from(byRow.values(), (row) => row.length));
  const columns = new Map<string, number>();
  const spread = (row: readonly string[]) =>
    row.forEach((key, i) => {
      columns.set(key, i + (widest - row.length) / 2);
    });
  for (const row of byRow.values()) spread(row);
  const order = [...byRow.keys()].sort((a, b) => a - b);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const index of down ? order : order.toReversed()) {
      const row = byRow.get(index) ?? [];
      const middle = (key: string) =>
        meanOf((down ? above : below).get(key) ?? [], columns) ?? columns.get(key) ?? 0;
      const sorted = row.toSorted((a, b) => middle(a) - middle(b));
      byRow.set(index, sorted);
      spread(sorted);
    }
  }
  return columns;
}

function meanOf(keys: readonly string[], columns: ReadonlyMap<string, number>): number | null {
  if (keys.length === 0) return null;
  return keys.reduce((sum, key) => sum + (columns.get(key) ?? 0), 0) / keys.length;
}
