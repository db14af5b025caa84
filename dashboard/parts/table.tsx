import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useShortcuts } from "../keys.ts";
import { TableFrame } from "./table-frame.tsx";

/**
 * A column. `fold` is when it goes as the table narrows: 3 first (960 px), then 2 (768), 1 (544), 0 (336, for
 * good); its `words` (else its cell) then stand under the first cell, or nowhere with `words: null`.
 */
export type Column<Row> = {
  id: string;
  label: string;
  /** Stands after the label ("Payout, USD"); left out where the table is narrow, so the caption must name it too. */
  unit?: string;
  cell: (row: Row) => ComponentChildren;
  /** Right-aligned figures. */
  numeric?: boolean;
  fold?: 0 | 1 | 2 | 3;
  words?: ((row: Row) => ComponentChildren) | null;
  sortable?: boolean;
  /** What stands in the foot. */
  total?: ComponentChildren;
  /** A bar of this share (0–1) behind the cell. */
  share?: (row: Row) => number;
  class?: string;
};

export type Sort = { by: string; descending: boolean };

/** `-calls` is descending; anything that is no sortable column is `fallback`. */
export function readSort(text: string | null, ids: readonly string[], fallback: Sort): Sort {
  const by = text?.replace(/^-/, "") ?? "";
  return ids.includes(by) ? { by, descending: text?.startsWith("-") ?? false } : fallback;
}

export function writeSort(sort: Sort): string {
  return sort.descending ? `-${sort.by}` : sort.by;
}

/** Sorted by a number or a text per row; rows that are equal keep their order, missing values come last. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: Sort,
  valueIn: (row: Row, by: string) => number | string | null,
): Row[] {
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueIn(a, sort.by), valueIn(b, sort.by)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * String(x).localeCompare(String(y));
  });
}

/**
 * The one table: sticky header, sort buttons, right-aligned figures, totals in the foot, columns that fold.
 * The first column heads its row; give it a link (`<a>`) and j and k go through the rows, Enter follows.
 * @param props.caption what the table holds, for screen readers, money's unit included
 * @param props.selected the key of the row whose drawer is open
 * @param props.onOpen a click anywhere in a row (its first link must do the same)
 * @param props.keys false where another table of the page has j and k
 * @param props.tall rows of two lines; `dense` less space between columns
 */
export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selected?: string | null;
  onOpen?: (row: Row) => void;
  keys?: boolean;
  tall?: boolean;
  dense?: boolean;
  busy?: boolean;
}) {
  const {
    caption,
    columns,
    rows,
    rowKey,
    sort,
    onSort,
    selected,
    onOpen,
    keys = true,
    tall,
    dense,
    busy,
  } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const hasTotals = columns.some((column) => column.total !== undefined);
  const move = (step: 1 | -1) => body.current && focusRow(body.current, step);
  useShortcuts(
    keys
      ? [
          { key: "j", shown: "j", does: "Next row", group: "List", run: () => move(1) },
          { key: "k", shown: "k", does: "Previous row", group: "List", run: () => move(-1) },
        ]
      : [],
  );
  return (
    <TableFrame busy={busy}>
      <table class={[tall && "tall", dense && "dense"].filter(Boolean).join(" ") || undefined}>
        <caption class="vh">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row);
            return <Row key={key} row={row} columns={columns} on={key === selected} onOpen={onOpen} />;
          })}
        </tbody>
        {hasTotals && (
          <tfoot>
            <tr>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.id} scope="row">
                    {column.total}
                  </th>
                ) : (
                  <td key={column.id} class={styleOf(column)}>
                    {column.total}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </TableFrame>
  );
}

function styleOf<Row>(column: Column<Row>): string | undefined {
  const fold = column.fold === undefined ? "" : `c${column.fold}`;
  return [column.numeric ? "num" : "", fold, column.class ?? ""].filter(Boolean).join(" ") || undefined;
}

function Head<Row>(props: {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const sorted = sort?.by === column.id;
  const order = sorted ? (sort.descending ? "descending" : "ascending") : undefined;
  const arrow = order === "descending" ? " ↓" : order === "ascending" ? " ↑" : "";
  // Figures are first wanted largest first, words from A.
  const next = () =>
    onSort?.({ by: column.id, descending: sorted ? !sort.descending : column.numeric === true });
  return (
    <th scope="col" class={styleOf(column)} aria-sort={order}>
      {column.sortable && onSort ? (
        <button class="sort" type="button" onClick={next}>
          <HeadWords column={column} />
          {arrow}
        </button>
      ) : (
        <HeadWords column={column} />
      )}
    </th>
  );
}

function HeadWords<Row>({ column }: { column: Column<Row> }) {
  return (
    <>
      {column.label}
      {column.unit && <span class="unit">, {column.unit}</span>}
    </>
  );
}

function Row<R>(props: {
  row: R;
  columns: readonly Column<R>[];
  on: boolean;
  onOpen: ((row: R) => void) | undefined;
}) {
  const { row, columns, on, onOpen } = props;
  const open = (event: MouseEvent) => {
    const target = event.target as Element;
    const own = target.closest("a, button, input, select, label");
    if (own || event.defaultPrevented || String(getSelection()) !== "") return;
    onOpen?.(row);
  };
  const style = [on && "on", onOpen && "opens"].filter(Boolean).join(" ") || undefined;
  // The mouse may hit the whole row; the keyboard has the row's own link.
  return (
    <tr class={style} aria-current={on ? "true" : undefined} onClick={onOpen ? open : undefined}>
      {columns.map((column, index) => (
        <Cell key={column.id} column={column} columns={columns} row={row} first={index === 0} />
      ))}
    </tr>
  );
}

function Cell<R>(props: { column: Column<R>; columns: readonly Column<R>[]; row: R; first: boolean }) {
  const { column, columns, row, first } = props;
  const content = column.cell(row);
  const part = column.share?.(row);
  const share = part === undefined ? undefined : { "--p": `${(100 * part).toFixed(1)}%` };
  if (!first) {
    return <td class={styleOf(column)}>{content}</td>;
  }
  const style = [styleOf(column), share && "share"].filter(Boolean).join(" ") || undefined;
  return (
    <th scope="row" class={style} style={share}>
      {content}
      {columns.map((other) => {
        if (other.fold === undefined || other.fold === 0 || other.words === null) return null;
        return (
          <span key={other.id} class={`fold k${other.fold}`}>
            {(other.words ?? other.cell)(row)}
          </span>
        );
      })}
    </th>
  );
}

/** Puts the focus on the next or previous row's link: after the focused row, else the selected, else the first. */
export function focusRow(body: HTMLElement, step: 1 | -1): void {
  const rows = [...body.querySelectorAll("tr")];
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const from = focused !== -1 ? focused : rows.findIndex((row) => row.classList.contains("on"));
  const to = from === -1 ? (step === 1 ? 0 : rows.length - 1) : from + step;
  const link = rows[to]?.querySelector<HTMLElement>("a, button");
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}
