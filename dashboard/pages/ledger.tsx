import { useCallback, useState } from "preact/hooks";
import type { LedgerEntry } from "../../shared/api/ledger.ts";
import { ApiProblem, ask, client, type List, type QueryOf, queryString } from "../api.ts";
import { counted, time, zoneName } from "../format.ts";
import { useDirectory } from "../parts/call/directory.ts";
import { useNow } from "../parts/call/use-now.ts";
import { CsvLink } from "../parts/csv.tsx";
import { FilterBar, type FilterField, readFilters } from "../parts/filters.tsx";
import { Page, Section } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Blank, Fault, TableSkeleton } from "../parts/states.tsx";
import { type Resource, useResource } from "../query.ts";
import { readRange } from "../range.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { type LedgerSpan, ledgerSentence } from "./ledger-sentence.ts";
import { Balances, TransactionsTable } from "./ledger-tables.tsx";

type LedgerQuery = QueryOf<typeof client.ledger.$get>;

const FIELDS: readonly FilterField<keyof LedgerQuery>[] = [{ name: "call_id", label: "call" }];
const PAGE_ENTRIES = 200;

/**
 * The ledger: double entry, append-only. What each account stands at over the range, then every transaction with
 * its debits and credits, which are equal; a correction is a reversal beside its first entry, never an edit.
 */
export default function LedgerPage() {
  const url = useUrl();
  const me = useMe();
  const names = useDirectory();
  const now = useNow(false);
  const zone = me.network.timezone;
  const range = readRange(url.params, now, zone, "month");
  const filters = readFilters(url.params, FIELDS);
  // A call's entries are its whole story, whenever they were posted.
  const span = filters.call_id ? {} : { from: range.from, to: range.to };
  const ledger = useLedger({ ...span, ...filters });
  const whole = filters.call_id ? "call" : range.from === null ? "all" : "range";
  const summed: LedgerSpan = ledger.hasMore
    ? { of: "newest", entries: ledger.entries.length }
    : { of: whole };
  const reading = { kind: me.organization.kind, names, zone };
  return (
    <Page
      title="Ledger"
      meta={filters.call_id ? "All entries of one call" : `${range.label}, ${zoneName(zone)}`}
      tools={
        <>
          <RangePicker range={range} now={now} />
          <CsvLink path="/ledger" query={{ ...span, ...filters }} />
        </>
      }
    >
      {ledger.entries.length > 0 && (
        <p class="lead opening">{ledgerSentence(me.organization.kind, ledger.entries, summed)}</p>
      )}
      <FilterBar fields={FIELDS} />
      <Fault what="The ledger" of={ledger.first} zone={zone} />
      {ledger.first.data === null ? (
        ledger.first.slow && (
          <TableSkeleton
            columns={["Posted", "Call", "Account", ">Debit", ">Credit"]}
            rows={10}
            caption="Ledger"
          />
        )
      ) : ledger.entries.length === 0 ? (
        <NothingPosted call_id={filters.call_id ?? null} everything={range.from === null} />
      ) : (
        <>
          <Section
            id="balances"
            title="What each account stands at"
            aside={ledger.hasMore ? "of the entries shown" : "over the range"}
          >
            <Balances entries={ledger.entries} {...reading} />
          </Section>
          <Section id="transactions" title="Transactions" aside="newest first">
            <TransactionsTable entries={ledger.entries} {...reading} />
            <LedgerFoot ledger={ledger} zone={zone} />
          </Section>
        </>
      )}
    </Page>
  );
}

function NothingPosted({ call_id, everything }: { call_id: string | null; everything: boolean }) {
  const url = useUrl();
  if (everything && !call_id) {
    return (
      <Blank title="Nothing was booked yet.">
        A call is booked when all its rules have passed. Read in the <a href="/calls">call log</a> how far
        they came.
      </Blank>
    );
  }
  return call_id ? (
    <Blank title="Nothing was booked for this call.">
      Read why on <a href={`/calls/${call_id}`}>its page</a>, or{" "}
      <a href={url.filterHref({ call_id: null })}>show all calls</a>.
    </Blank>
  ) : (
    <Blank title="Nothing was booked in this range.">
      <a href={url.filterHref({ range: "all", from: null, to: null })}>Show all time</a>.
    </Blank>
  );
}

type Ledger = {
  first: Resource<List<LedgerEntry> & { key: string }>;
  entries: readonly LedgerEntry[];
  hasMore: boolean;
  loading: boolean;
  problem: ApiProblem | null;
  more(): void;
};

type Further = {
  key: string;
  entries: LedgerEntry[];
  cursor: string | null;
  loading: boolean;
  problem: ApiProblem | null;
};

/** Entries page by page. A transaction that the end of a page cuts in two waits for its other lines. */
function useLedger(query: LedgerQuery): Ledger {
  const key = `ledger list ${queryString(query)}`;
  const first = useResource(
    key,
    async (signal) => ({
      ...(await ask(client.ledger.$get, { query: { ...query, limit: PAGE_ENTRIES } }, signal)),
      key,
    }),
    { keep: true },
  );
  const [further, setFurther] = useState<Further | null>(null);
  const shown = first.data?.key ?? key;
  const ours = further?.key === shown ? further : null;
  const cursor = ours ? ours.cursor : (first.data?.next_cursor ?? null);
  const entries = [...(first.data?.data ?? []), ...(ours?.entries ?? [])];
  const more = useCallback(() => {
    const sofar = { key: shown, entries: ours?.entries ?? [], cursor };
    if (cursor === null || ours?.loading) return;
    setFurther({ ...sofar, loading: true, problem: null });
    ask(client.ledger.$get, { query: { ...query, limit: PAGE_ENTRIES, cursor } }).then(
      (page) =>
        setFurther({
          key: shown,
          entries: [...sofar.entries, ...page.data],
          cursor: page.next_cursor,
          loading: false,
          problem: null,
        }),
      (error: unknown) => {
        const problem =
          error instanceof ApiProblem ? error : new ApiProblem(0, "Unreadable", String(error), null, []);
        setFurther({ ...sofar, loading: false, problem });
      },
    );
  }, [cursor, shown, ours, query]);
  return {
    first,
    entries: cursor === null ? entries : wholeTransactions(entries),
    hasMore: cursor !== null,
    loading: ours?.loading ?? false,
    problem: ours?.problem ?? null,
    more,
  };
}

/** Without the last transaction, of which there may be more lines on the next page. */
export function wholeTransactions(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const last = entries.at(-1)?.transaction_id;
  const whole = entries.filter((entry) => entry.transaction_id !== last);
  return whole.length === 0 ? [...entries] : whole;
}

function LedgerFoot({ ledger, zone }: { ledger: Ledger; zone: string }) {
  const { entries, first, hasMore, loading, problem, more } = ledger;
  return (
    <div class="pager">
      <span class="meta">
        {counted(entries.length, "entry", "entries")}
        {first.as_of !== null && `, as of ${time(first.as_of, zone)}`}
      </span>
      {problem && (
        <span class="wrong" role="alert">
          {problem.message}
        </span>
      )}
      {hasMore && (
        <div class="tools">
          <button class="btn" type="button" disabled={loading} onClick={more}>
            {loading ? "Loading…" : "Show more"}
          </button>
        </div>
      )}
    </div>
  );
}
