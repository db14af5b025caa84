import { useMemo } from "preact/hooks";
import type { FlowMenu } from "../../../shared/api/ivr.ts";
import { type Drawing, layOut, type Placed, type Way } from "./layout.ts";
import { type FlowNames, KIND_WORDS, nodeWords, waysOut } from "./words.ts";

/** Grid and boxes, px: three short lines in a box, a label's height between boxes. */
const CELL = { width: 200, height: 124 } as const;
const BOX = { width: 176, height: 72 } as const;
const PAD = 4;

/** Where a call has come in the menu: the steps it passed, and the one it is at. */
export type Trail = { passed: readonly string[]; now: string | null };

/**
 * A menu as a graph: every step a box that can be chosen, the ways between them lines with what leads that way. The
 * way that a tried-out call took is drawn as a trail. Boxes are in reading order, each names where it leads.
 */
export function FlowGraph(props: {
  menu: FlowMenu;
  names: FlowNames;
  trail: Trail;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const { menu, names, trail, chosen, onChoose } = props;
  const drawing = useMemo(() => layOut(menu), [menu]);
  const width = drawing.columns * CELL.width - (CELL.width - BOX.width) + PAD * 2;
  const height = (drawing.rows - 1) * CELL.height + BOX.height + PAD * 2;
  const standing = (id: string) => (id === trail.now ? "now" : trail.passed.includes(id) ? "passed" : "");
  return (
    <fieldset class="flow-graph" aria-label="The menu, drawn">
      <div style={{ width: `${width}px`, height: `${height}px` }}>
        <Ways drawing={drawing} trail={trail} width={width} height={height} />
        {drawing.placed.map((placed) => (
          <Box
            key={placed.node.id}
            placed={placed}
            names={names}
            standing={standing(placed.node.id)}
            chosen={placed.node.id === chosen}
            onChoose={onChoose}
          />
        ))}
      </div>
    </fieldset>
  );
}

const left = (column: number) => PAD + column * CELL.width;
const top = (row: number) => PAD + row * CELL.height;

function Box(props: {
  placed: Placed;
  names: FlowNames;
  standing: "now" | "passed" | "";
  chosen: boolean;
  onChoose: (id: string | null) => void;
}) {
  const { placed, names, standing, chosen, onChoose } = props;
  const { node, row, column } = placed;
  const ends = waysOut(node).length === 0;
  return (
    <button
      type="button"
      class={["flow-box", standing, ends && "end"].filter(Boolean).join(" ")}
      style={{
        left: `${left(column)}px`,
        top: `${top(row)}px`,
        width: `${BOX.width}px`,
        height: `${BOX.height}px`,
      }}
      aria-pressed={chosen}
      onClick={() => onChoose(chosen ? null : node.id)}
    >
      <span class="kind">
        {KIND_WORDS[node.kind]}
        {standing === "now" && <span class="vh">, the call is here</span>}
        {standing === "passed" && <span class="vh">, the call came through here</span>}
      </span>
      <span class="words">{nodeWords(node, names)}</span>
    </button>
  );
}

type Point = { x: number; y: number };

function Ways(props: { drawing: Drawing; trail: Trail; width: number; height: number }) {
  const { drawing, trail, width, height } = props;
  const at = new Map(drawing.placed.map((placed) => [placed.node.id, placed]));
  const went = new Set(
    [...trail.passed, trail.now ?? ""].flatMap((id, i, all) => (i === 0 ? [] : [`${all[i - 1]}>${id}`])),
  );
  const drawn = drawing.ways.flatMap((way) => {
    const [from, to] = [at.get(way.from), at.get(way.to)];
    return from && to
      ? [{ way, points: pointsOf(way, from, to, drawing), isTrail: went.has(`${way.from}>${way.to}`) }]
      : [];
  });
  // The trail is drawn last, over the others.
  const inOrder = drawn.toSorted((a, b) => Number(a.isTrail) - Number(b.isTrail));
  return (
    <>
      <svg width={width} height={height} aria-hidden="true">
        {inOrder.map(({ way, points, isTrail }) => (
          <path key={`${way.from}>${way.to}`} class={isTrail ? "went" : undefined} d={curve(points)} />
        ))}
      </svg>
      {inOrder.map(({ way, points, isTrail }) => {
        const label = points[0];
        return (
          way.label !== "" &&
          label && (
            <span
              key={`${way.from}>${way.to}`}
              class={isTrail ? "flow-way went" : "flow-way"}
              style={{ left: `${label.x}px`, top: `${label.y + 4}px` }}
            >
              {way.label}
            </span>
          )
        );
      })}
    </>
  );
}

/** From the bottom of one box to the top of the other; ways out of one box begin side by side, left to right. */
function pointsOf(way: Way, from: Placed, to: Placed, { ways, placed }: Drawing): Point[] {
  const columnOf = (one: Way) =>
    one.via[0]?.column ?? placed.find(({ node }) => node.id === one.to)?.column ?? 0;
  const beside = ways.filter((one) => one.from === way.from).toSorted((a, b) => columnOf(a) - columnOf(b));
  const place = (beside.indexOf(way) + 1) / (beside.length + 1);
  const middle = BOX.width / 2;
  return [
    { x: left(from.column) + BOX.width * place, y: top(from.row) + BOX.height },
    ...way.via.flatMap(({ row, column }) => [
      { x: left(column) + middle, y: top(row) },
      { x: left(column) + middle, y: top(row) + BOX.height },
    ]),
    { x: left(to.column) + middle, y: top(to.row) },
  ];
}

/** Down through the points, upright at each of them. */
function curve([first, ...rest]: readonly Point[]): string {
  if (!first) return "";
  let before = first;
  const parts = rest.map((point) => {
    const bend = (point.y - before.y) / 2;
    const part = `C${before.x} ${before.y + bend} ${point.x} ${point.y - bend} ${point.x} ${point.y}`;
    before = point;
    return part;
  });
  return `M${first.x} ${first.y}${parts.join("")}`;
}
