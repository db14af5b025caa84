import { useId, useRef, useState } from "preact/hooks";
import type { StatementMonth } from "../../../shared/api/statements.ts";
import { ask, client } from "../../api.ts";
import { counted, money, moneyIn, monthName } from "../../format.ts";
import { mayPay } from "../../may.ts";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { CsvLink } from "../csv.tsx";
import { Confirm } from "../form/confirm.tsx";
import { Section } from "../page.tsx";
import { Loaded, TableSkeleton } from "../states.tsx";
import { type Column, Table } from "../table.tsx";
import { toast } from "../toast.tsx";
import { monthStanding, payingWords } from "./statement-words.ts";
import { Status } from "./status.tsx";

const REFERENCE_MAX = 200;

type Side = "advertiser" | "publisher";
type Whose = { id: string; name: string; side: Side };

const WORDS = {
  advertiser: { total: "Charged", left: "To collect", none: "was charged" },
  publisher: { total: "Earned", left: "To pay", none: "earned" },
} as const;

/**
 * An organization's months: what was posted, what of it was not paid yet, the lines as CSV. A network's owners, admins
 * and accountants mark a month as paid here. Months are those of the postings, as in the statements themselves.
 */
export function StatementsSection({ whose, zone }: { whose: Whose; zone: string }) {
  const me = useMe();
  const [paying, setPaying] = useState<StatementMonth | null>(null);
  const months = useResource(`statement months ${whose.id}`, (signal) =>
    ask(client.statements.months.$get, { query: { organization_id: whose.id } }, signal),
  );
  return (
    <Section id="statements" title="Statements" aside="by the month in which it was booked">
      <Loaded
        of={months}
        what="The statements"
        zone={zone}
        skeleton={<TableSkeleton caption="Statements" columns={["Month", ">Total", ">Left"]} rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">
              {whose.id === me.organization.id ? "You have" : `${whose.name} has`} no statement yet: nothing{" "}
              {WORDS[whose.side].none} in the last twelve months.
            </p>
          ) : (
            <Table
              caption={`Statements of ${whose.name}, by month`}
              columns={columnsOf(whose, data, mayPay(me) ? setPaying : null)}
              rows={data}
              rowKey={({ period, currency }) => `${period} ${currency}`}
              keys={false}
            />
          )
        }
      </Loaded>
      {paying && <PayMonth whose={whose} month={paying} leave={() => setPaying(null)} done={months.retry} />}
    </Section>
  );
}

function columnsOf(
  { id, name, side }: Whose,
  months: readonly StatementMonth[],
  pay: ((month: StatementMonth) => void) | null,
): Column<StatementMonth>[] {
  const currencies = [...new Set(months.map(({ currency }) => currency))];
  const [only] = currencies;
  const unit = currencies.length === 1 && only ? { unit: only } : {};
  const amount = (micros: number, currency: string) =>
    currencies.length === 1 ? money(micros) : moneyIn(micros, currency);
  return [
    { id: "month", label: "Month", cell: ({ period }) => monthName(period) },
    {
      id: "total",
      label: WORDS[side].total,
      ...unit,
      numeric: true,
      cell: ({ total_micros, currency }) => amount(total_micros, currency),
    },
    {
      id: "left",
      label: WORDS[side].left,
      ...unit,
      numeric: true,
      fold: 2,
      words: ({ unpaid, currency }) =>
        unpaid && unpaid.calls > 0
          ? `${WORDS[side].left.toLowerCase()}: ${amount(unpaid.amount_micros, currency)}`
          : null,
      cell: ({ unpaid, currency }) => amount(unpaid?.amount_micros ?? 0, currency),
    },
    {
      id: "held",
      label: "On hold",
      ...unit,
      numeric: true,
      fold: 2,
      words: null,
      cell: ({ unpaid, currency }) => amount(unpaid?.held_micros ?? 0, currency),
    },
    { id: "stands", label: "Stands", fold: 1, cell: (month) => <Standing month={month} /> },
    {
      id: "acts",
      label: pay ? "Change" : "Lines",
      numeric: true,
      class: "acts-cell",
      cell: (month) => (
        <>
          {pay && (month.unpaid?.calls ?? 0) > 0 && (
            <button
              class="link"
              type="button"
              aria-label={`Mark as paid… ${monthName(month.period)}`}
              onClick={() => pay(month)}
            >
              Mark as paid…
            </button>
          )}
          <CsvLink
            path="/statements"
            query={{ organization_id: id, period: month.period, currency: month.currency }}
            name={`statement-${month.period}.csv`}
            label="CSV"
            says={`CSV of ${monthName(month.period)}, ${name}`}
            bare
          />
        </>
      ),
    },
  ];
}

function Standing({ month }: { month: StatementMonth }) {
  const { glyph, words } = monthStanding(month);
  return <Status glyph={glyph}>{words}</Status>;
}

/** Asks before a month is marked as paid, which cannot be taken back; the request takes so many calls at once. */
function PayMonth(props: { whose: Whose; month: StatementMonth; done: () => void; leave: () => void }) {
  const { whose, month, done, leave } = props;
  const id = useId();
  const reference = useRef<HTMLInputElement>(null);
  const { period, currency, unpaid } = month;
  const { calls = 0 } = unpaid ?? {};
  const run = async () => {
    const typed = reference.current?.value.trim();
    const json = { organization_id: whose.id, period, currency, ...(typed && { reference: typed }) };
    let paid = 0;
    for (let left = 1; left > 0; ) {
      const answer = await ask(client.statements.payments.$post, { json });
      paid += answer.paid_calls;
      left = answer.paid_calls === 0 ? 0 : answer.remaining;
    }
    toast(`${counted(paid, "call")} of ${monthName(period)} marked as paid.`);
    done();
  };
  return (
    <Confirm
      title={`Mark ${monthName(period)} of ${whose.name} as paid?`}
      act={`Mark ${counted(calls, "call")} as paid`}
      keep="Not yet"
      onClose={leave}
      run={run}
    >
      <p class="note">{payingWords(month)}</p>
      <div class="field">
        <label for={id}>
          Reference <small>optional</small>
        </label>
        <input
          id={id}
          ref={reference}
          class="input"
          type="text"
          autocomplete="off"
          maxLength={REFERENCE_MAX}
          placeholder={whose.side === "advertiser" ? "INV-2026-031" : "PAYOUT-2026-11"}
        />
        <p class="hint">Such as an invoice's number. {whose.name} reads it, too.</p>
      </div>
    </Confirm>
  );
}
