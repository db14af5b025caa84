import type { LedgerEntry } from "../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { type Micros, sumMicros } from "../../shared/money.ts";
import { counted, money, moneyIn } from "../format.ts";
import { sayMeasure } from "../parts/call/measure.ts";
import type { Names } from "../parts/call/names.ts";
import {
  accountWords,
  balancesOf,
  columnSums,
  kindWords,
  type Transaction,
  transactionsOf,
} from "../parts/call/postings.ts";
import { shortId, Unit } from "../parts/call/postings-table.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { TableFrame } from "../parts/table-frame.tsx";
import { startedWords } from "./calls-time.ts";

type Reading = { entries: readonly LedgerEntry[]; kind: OrganizationKind; names: Names; zone: string };

const currenciesOf = (entries: readonly LedgerEntry[]) => [
  ...new Set(entries.map(({ currency }) => currency)),
];

/** What each account stands at after the entries, and that they sum to zero where the viewer sees both sides. */
export function Balances({ entries, kind, names }: Reading) {
  const balances = balancesOf(entries);
  return (
    <TableFrame>
      <table class="accounts">
        <caption class="vh">Balances by account</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col" class="num">
              Debit
            </th>
            <th scope="col" class="num">
              Credit
            </th>
          </tr>
        </thead>
        <tbody>
          {balances.map(({ account, organization_id, currency, amount_micros }) => (
            <tr key={`${account} ${organization_id} ${currency}`}>
              <th scope="row">{accountWords({ account, organization_id }, kind, names)}</th>
              <td class="num">{amount_micros > 0 ? moneyIn(amount_micros, currency) : ""}</td>
              <td class="num">
                {amount_micros < 0 ? (
                  moneyIn(-amount_micros, currency)
                ) : amount_micros === 0 ? (
                  <span class="quiet">{moneyIn(0, currency)}</span>
                ) : (
                  ""
                )}
              </td>
            </tr>
          ))}
        </tbody>
        {kind === "network" && (
          <tfoot>
            {currenciesOf(entries).map((currency) => (
              <ZeroSum
                key={currency}
                currency={currency}
                amounts={balances.filter((b) => b.currency === currency).map((b) => b.amount_micros)}
              />
            ))}
          </tfoot>
        )}
      </table>
    </TableFrame>
  );
}

/** Both columns of one currency, and whether they are equal: in double entry they must be. */
function ZeroSum({ currency, amounts }: { currency: string; amounts: readonly Micros[] }) {
  const debit = sumMicros(amounts.filter((amount) => amount > 0));
  const credit = -sumMicros(amounts.filter((amount) => amount < 0));
  const isZero = debit === credit;
  return (
    <tr>
      <th scope="row">
        <span class="v">
          <Glyph name={isZero ? "pass" : "rejected"} class={isZero ? "ok" : "ko"} />
          {isZero ? "Sums to zero" : `Off by ${moneyIn(debit - credit, currency)}`}
        </span>
      </th>
      <td class="num">{moneyIn(debit, currency)}</td>
      <td class="num">{moneyIn(credit, currency)}</td>
    </tr>
  );
}

/** Every transaction with its lines; its time, call and reason on the first of them. */
export function TransactionsTable({ entries, ...reading }: Reading) {
  const transactions = transactionsOf(entries);
  const currencies = currenciesOf(entries);
  const unit = currencies.length === 1 ? `, ${currencies[0]}` : "";
  return (
    <TableFrame>
      <table class="tx ledger">
        <caption class="vh">Transactions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Posted</th>
            <th scope="col" class="c2">
              Kind
            </th>
            <th scope="col" class="c3">
              Why
            </th>
            <th scope="col" class="c1">
              Call
            </th>
            <th scope="col">Account</th>
            <th scope="col" class="num">
              Debit<Unit>{unit}</Unit>
            </th>
            <th scope="col" class="num">
              Credit<Unit>{unit}</Unit>
            </th>
          </tr>
        </thead>
        {transactions.map((transaction) => (
          <TransactionBody
            key={transaction.id}
            transaction={transaction}
            currency={unit === ""}
            {...reading}
          />
        ))}
        {unit !== "" && <Foot entries={entries} kind={reading.kind} count={transactions.length} />}
      </table>
    </TableFrame>
  );
}

type BodyProps = Omit<Reading, "entries"> & { transaction: Transaction; currency: boolean };

function TransactionBody({ transaction, currency, kind, names, zone }: BodyProps) {
  const { id, entries, posted_at, call_id, reason } = transaction;
  const amount = (micros: Micros) => (currency ? moneyIn(micros, transaction.currency) : money(micros));
  const words = kindWords(transaction.kind);
  return (
    <tbody>
      {entries.map((entry, line) => {
        const first = line === 0;
        return (
          <tr
            key={`${entry.account} ${entry.organization_id}`}
            class={line === entries.length - 1 ? "last" : undefined}
          >
            <td class="nowrap" title={first ? id : undefined}>
              {first && startedWords(posted_at, Date.now(), zone)}
              {first && <span class="fold k2">{words}</span>}
            </td>
            <td class="c2">{first && words}</td>
            <td class="c3 soft why" title={first ? reason : undefined}>
              {first && sayMeasure(reason)}
            </td>
            <td class="c1 mono nowrap">{first && call_id && <CallLink id={call_id} />}</td>
            <th scope="row">
              {accountWords(entry, kind, names)}
              {first && call_id && (
                <span class="fold k1 mono">
                  <CallLink id={call_id} />
                </span>
              )}
            </th>
            <td class="num">{entry.amount_micros > 0 && amount(entry.amount_micros)}</td>
            <td class="num">{entry.amount_micros < 0 && amount(-entry.amount_micros)}</td>
          </tr>
        );
      })}
    </tbody>
  );
}

function CallLink({ id }: { id: string }) {
  return <a href={`/calls/${id}`}>{shortId(id)}</a>;
}

function Foot(props: { entries: readonly LedgerEntry[]; kind: OrganizationKind; count: number }) {
  const { entries, kind, count } = props;
  const { debit_micros, credit_micros } = columnSums(entries);
  const equal = debit_micros === credit_micros;
  return (
    <tfoot>
      <tr>
        <th scope="row" class="words">
          {counted(count, "transaction")}
        </th>
        <td class="c2" />
        <td class="c3" />
        <td class="c1" />
        <td class="words">
          {kind === "network" && (equal ? "debits equal credits" : "debits and credits differ")}
        </td>
        <td class="num">{money(debit_micros)}</td>
        <td class="num">{money(credit_micros)}</td>
      </tr>
    </tfoot>
  );
}
