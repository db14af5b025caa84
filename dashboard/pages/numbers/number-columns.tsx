import type { Pool, TrackingNumber } from "../../../shared/api/inventory.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { count, NOTHING, shortDay } from "../../format.ts";
import type { Names } from "../../names.ts";
import { RowMenu } from "../../parts/manage/row-menu.tsx";
import { MenuItem } from "../../parts/menu.tsx";
import type { Column } from "../../parts/table.tsx";
import { dayOf } from "../../zone.ts";
import type { NumberChange } from "./change-number.tsx";
import { SUBS } from "./drafts.ts";

/** What the cells of a table of numbers are drawn with. */
export type NumberCells = {
  kind: OrganizationKind;
  names: Names;
  pools: readonly Pool[];
  zone: string;
  /** Calls of the last 28 days by E.164, null while they are unknown. */
  calls: ReadonlyMap<string, number> | null;
  /** Opens a form; null for who may not change numbers. */
  change: ((change: NumberChange) => void) | null;
};

const quiet = (text: string) => <span class="quiet">{text}</span>;

/** A static number that proves nobody is the campaign's own. */
function place({ pool_id, honeypot }: TrackingNumber, pools: readonly Pool[]) {
  if (honeypot) return "honeypot";
  if (pool_id === null) return "static";
  const pool = pools.find(({ id }) => id === pool_id);
  return pool ? <a href={`/pools/${pool.id}`}>{pool.name}</a> : "in a pool";
}

/** `rests until 28 Nov`: shown to nobody on its way to another campaign. */
function rest({ resting }: TrackingNumber, zone: string) {
  return resting ? <span class="quiet"> rests until {shortDay(dayOf(resting.until_at, zone))}</span> : null;
}

/** `sub1 radio · sub3 am`, or a dash. */
export function subWords(number: TrackingNumber): string {
  return SUBS.flatMap((sub) => (number[sub] ? [`${sub}\u00a0${number[sub]}`] : [])).join(" · ") || NOTHING;
}

/**
 * The columns of a table of numbers, as far as the viewer may see them and something stands in them.
 * @param where false leaves out where they serve: all of them in the same pool
 */
export function numberColumns(
  cells: NumberCells,
  rows: readonly TrackingNumber[],
  where = true,
): Column<TrackingNumber>[] {
  const { kind, names, pools, zone, calls } = cells;
  const publisher = ({ publisher_id }: TrackingNumber) =>
    publisher_id ? <a href={`/publishers/${publisher_id}`}>{names.of(publisher_id)}</a> : quiet("nobody");
  const said = ({ publisher_id }: TrackingNumber) =>
    publisher_id ? `proves ${names.of(publisher_id)}` : null;
  const columns: (Column<TrackingNumber> | false)[] = [
    {
      id: "number",
      label: "Number",
      class: "nowrap",
      cell: ({ e164 }) => (
        <a href={`/calls?q=${encodeURIComponent(e164)}&range=28d`}>{displayNumber(e164)}</a>
      ),
    },
    where && {
      id: "place",
      label: "Serves",
      fold: 1,
      class: "clip",
      cell: (number) => (
        <>
          {place(number, pools)}
          {rest(number, zone)}
        </>
      ),
    },
    where &&
      names.campaigns.length > 1 && {
        id: "campaign",
        label: "Campaign",
        fold: 3,
        words: null,
        class: "soft clip",
        cell: ({ campaign_id }) => (campaign_id ? names.of(campaign_id) : quiet(NOTHING)),
      },
    where &&
      kind === "network" && {
        id: "publisher",
        label: "Proves",
        fold: 2,
        class: "clip",
        cell: publisher,
        words: said,
      },
    kind !== "advertiser" && {
      id: "label",
      label: "Label",
      fold: 2,
      class: "clip",
      cell: ({ label }) => label ?? quiet(NOTHING),
      words: ({ label }) => label ?? null,
    },
    rows.some((number) => SUBS.some((sub) => number[sub])) && {
      id: "subs",
      label: "Sub ids",
      fold: 3,
      words: null,
      class: "soft clip",
      cell: subWords,
    },
    {
      id: "calls",
      label: "Calls, 28 days",
      numeric: true,
      cell: ({ e164 }) => (calls === null ? quiet(NOTHING) : amount(calls.get(e164) ?? 0)),
    },
    {
      id: "added",
      label: "Added",
      numeric: true,
      fold: 3,
      words: null,
      class: "soft",
      cell: ({ created_at }) => shortDay(dayOf(created_at, zone)),
    },
  ];
  return [...columns.filter((column) => column !== false), ...menuColumn(cells)];
}

const amount = (value: number) => (value === 0 ? quiet("0") : count(value));

function menuColumn({ change }: NumberCells): Column<TrackingNumber>[] {
  if (!change) return [];
  const item = (what: NumberChange["what"], words: string, number: TrackingNumber, close: () => void) => (
    <MenuItem
      run={() => {
        close();
        change({ what, number });
      }}
    >
      {words}
    </MenuItem>
  );
  return [
    {
      id: "menu",
      label: "Change",
      numeric: true,
      class: "acts-cell",
      cell: (number) => (
        <RowMenu of={displayNumber(number.e164)}>
          {(close) => (
            <>
              {item("label", "Label and sub ids", number, close)}
              {item("move", "Move", number, close)}
              {item("retire", "Retire…", number, close)}
            </>
          )}
        </RowMenu>
      ),
    },
  ];
}
