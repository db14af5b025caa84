import type { ComponentChildren } from "preact";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Micros } from "../../../shared/money.ts";
import { dayName, money, time } from "../../format.ts";
import { dayOf } from "../../zone.ts";
import { TableFrame } from "../table-frame.tsx";
import type { Names } from "./names.ts";
import { accountWords, balancesOf, columnSums, kindWords, storyOf, type Transaction } from "./postings.ts";

type Reading = { kind: OrganizationKind; names: Names; zone: string };

const debit = (amount: Micros) => (amount > 0 ? money(amount) : "");
const credit = (amount: Micros) => (amount < 0 ? money(-amount) : "");

/** The lines of one transaction, the id, time and kind on its first line only. */
function TransactionRows({ transaction, reading }: { transaction: Transaction; reading: Reading }) {
  const { entries, id, posted_at, kind } = transaction;
  return entries.map((entry, line) => (
    <tr
      key={`${id} ${entry.account} ${entry.organization_id}`}
      class={line === entries.length - 1 ? "last" : undefined}
    >
      <td class="mono quiet c2">{line === 0 ? shortId(id) : ""}</td>
      <td class="nowrap">{line === 0 ? time(posted_at, reading.zone) : ""}</td>
      <td class="c1">{line === 0 ? kindWords(kind) : ""}</td>
      <th scope="row">
        {accountWords(entry, reading.kind, reading.names)}
        {line === 0 && <span class="fold k1">{kindWords(kind)}</span>}
      </th>
      <td class="num">{debit(entry.amount_micros)}</td>
      <td class="num">{credit(entry.amount_micros)}</td>
    </tr>
  ));
}

/** A header's unit, which goes where there is no room for it: the caption says it too. */
export function Unit({ children }: { children: ComponentChildren }) {
  return <span class="unit">{children}</span>;
}

/** The kind and the last eight signs of an id: enough to tell ids of one page apart. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, id.indexOf("_") + 1)}…${id.slice(-8)}`;
}

/**
 * A call's entries as they were posted, oldest first, with the sum of both columns (equal where both sides are
 * seen) and what each account stands at after them. `entries` must be of one currency and not empty.
 */
export function PostingsTable(props: Reading & { entries: readonly LedgerEntry[] }) {
  const { entries, ...reading } = props;
  const story = storyOf(entries);
  const currency = entries[0]?.currency ?? "";
  const sums = columnSums(entries);
  const first = story[0];
  return (
    <>
      <TableFrame>
        <table class="tx">
          <caption class="vh">Ledger entries, {currency}</caption>
          <thead>
            <tr>
              <th scope="col" class="c2">
                Transaction
              </th>
              <th scope="col">{first ? dayName(dayOf(first.posted_at, reading.zone)) : "Posted"}</th>
              <th scope="col" class="c1">
                Kind
              </th>
              <th scope="col">Account</th>
              <th scope="col" class="num">
                Debit<Unit>, {currency}</Unit>
              </th>
              <th scope="col" class="num">
                Credit<Unit>, {currency}</Unit>
              </th>
            </tr>
          </thead>
          <tbody>
            {story.map((transaction) => (
              <TransactionRows key={transaction.id} transaction={transaction} reading={reading} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Sum</th>
              <td class="c2" />
              <td class="c1" />
              <td />
              <td class="num">{money(sums.debit_micros)}</td>
              <td class="num">{money(sums.credit_micros)}</td>
            </tr>
          </tfoot>
        </table>
      </TableFrame>
      <CallBalances entries={entries} {...reading} />
    </>
  );
}

/** What this call left in each account: "Harbor & Pine charged 0.00". */
function CallBalances(props: Reading & { entries: readonly LedgerEntry[] }) {
  const { entries, kind, names } = props;
  return (
    <dl class="balances" aria-label="What this call left in each account">
      {balancesOf(entries).map((balance) => (
        <div key={`${balance.account} ${balance.organization_id}`}>
          <dt>{accountWords(balance, kind, names)}</dt>
          <dd>{money(Math.abs(balance.amount_micros))}</dd>
        </div>
      ))}
    </dl>
  );
}
