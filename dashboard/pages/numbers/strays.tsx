import type { StrayCalls } from "../../../shared/api/inventory.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import { count } from "../../format.ts";
import type { Names } from "../../names.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useResource } from "../../query.ts";
import { straysSentence } from "./sentence.ts";

/** Numbers that ring though nobody was shown them: hard-coded on a page, printed, or somebody else's by mistake. */
export function Strays({ names, zone }: { names: Names; zone: string }) {
  const strays = useResource("strays", (signal) => ask(client.numbers.strays.$get, {}, signal));
  // What a visit explains is somebody who calls late: it is no stray, though nobody was shown the number then.
  const rows = strays.data?.data.filter(({ unexplained }) => unexplained > 0) ?? [];
  if (rows.length === 0) return null;
  return (
    <div class="sec">
      <Section id="strays" title="Hard-coded somewhere?" aside="calls to numbers nobody was shown, 28 days">
        <p class="note">{straysSentence(rows)}</p>
        <Table
          caption="Numbers that ring though nobody was shown them"
          columns={columnsOf(names, zone)}
          rows={rows}
          rowKey={({ e164, pool_id, why }) => `${e164} ${pool_id} ${why}`}
        />
      </Section>
    </div>
  );
}

function columnsOf(names: Names, zone: string): Column<StrayCalls>[] {
  return [
    {
      id: "number",
      label: "Number",
      class: "nowrap",
      cell: ({ e164 }) => (
        <a href={`/calls?q=${encodeURIComponent(e164)}&range=28d`}>{displayNumber(e164)}</a>
      ),
    },
    {
      id: "why",
      label: "Was",
      fold: 1,
      cell: ({ why, campaign_id }) =>
        why === "unassigned" ? "nobody's" : `free, of ${campaign_id ? names.of(campaign_id) : "a pool"}`,
    },
    { id: "calls", label: "Calls", numeric: true, cell: ({ calls }) => count(calls) },
    { id: "callers", label: "Callers", numeric: true, fold: 2, cell: ({ callers }) => count(callers) },
    {
      id: "unexplained",
      label: "No visit explains",
      numeric: true,
      cell: ({ unexplained }) => count(unexplained),
    },
    {
      id: "last",
      label: "Last",
      numeric: true,
      fold: 3,
      class: "soft",
      cell: ({ last_call_at }) => dayAndMinute(last_call_at, zone),
    },
  ];
}
