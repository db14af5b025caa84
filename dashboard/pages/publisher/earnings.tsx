import type { Campaign } from "../../../shared/api/campaigns.ts";
import { useNow } from "../../clock.ts";
import { money } from "../../format.ts";
import { mayReadMoney } from "../../may.ts";
import { useNames } from "../../names.ts";
import { StatementsSection } from "../../parts/manage/statements-section.tsx";
import { useRange } from "../../parts/manage/use-range.ts";
import { Page } from "../../parts/page.tsx";
import { RangePicker } from "../../parts/range-picker.tsx";
import { Fault, Skeleton } from "../../parts/states.tsx";
import { useReport } from "../../report.ts";
import { useMe } from "../../session.ts";
import { lasting } from "../campaign/sentence.ts";
import { sideOf } from "../campaign/terms-rows.ts";
import { DueSection } from "./due-trail.tsx";
import { EarnedPlot } from "./earned-plot.tsx";
import { LatestCalls } from "./latest-calls.tsx";
import { LinksSection } from "./links-section.tsx";
import { earnedOf, earnedSentence } from "./sentence.ts";
import { UnpaidSection } from "./unpaid-section.tsx";

const MINUTE_STEP_MS = 60_000;

/** How long earnings are held, in words, if all campaigns agree. */
function holdOf(campaigns: readonly Campaign[]): string | null {
  const holds = new Set(
    campaigns.flatMap(({ terms }) => (terms ? [sideOf(terms, "payout").hold_s ?? 0] : [])),
  );
  const [only] = holds;
  return holds.size === 1 && only !== undefined ? lasting(only) : null;
}

/** The page at `/earnings`: only a publisher has earnings of its own. */
export default function EarningsPage() {
  const me = useMe();
  if (me.organization.kind === "publisher") return <Earnings />;
  return (
    <Page title="Earnings">
      <p class="note">
        Only a publisher has earnings of its own. What moved between the accounts stands in the{" "}
        <a href="/ledger">ledger</a>.
      </p>
    </Page>
  );
}

/** A publisher's own page: what it earned, what is held and until when, and why other calls earned nothing. */
export function Earnings() {
  const me = useMe();
  const names = useNames();
  const zone = me.network.timezone;
  const { range, now, words } = useRange(zone, "month");
  const minute = useNow(MINUTE_STEP_MS);
  const query = { timezone: zone, from: range.from, to: range.to };
  const report = useReport({
    ...query,
    metrics: "payout_micros,calls",
    group_by: `${range.unit},payout_status`,
  });
  const earned = earnedOf(report.data?.data ?? []);
  const currency = report.data?.currency ?? null;
  return (
    <Page
      title={`Earnings, ${range.label.toLowerCase()}`}
      name="Earnings"
      meta={words}
      tools={<RangePicker range={range} now={now} />}
    >
      <section class="two" aria-label="Earned">
        <div>
          <Fault what="Your earnings" of={report} zone={zone} />
          {report.data ? (
            <>
              <p class="meta">Earned{currency ? `, ${currency}` : ""}</p>
              <p class="hero">{money(earned.yours + earned.held)}</p>
              <p class="note">{earnedSentence(earned, currency, holdOf(names.campaigns))}</p>
              <EarnedPlot report={report.data} range={range} now={minute} free="yours" held="held" />
            </>
          ) : (
            report.slow && <Skeleton height="18rem" />
          )}
        </div>
        <UnpaidSection campaigns={names.campaigns} range={range} filters={{}} rate="at your rate" />
      </section>
      <DueSection
        filters={{}}
        zone={zone}
        currency={names.currencies.length === 1 ? (names.currencies[0] ?? null) : null}
      />
      {mayReadMoney(me) && (
        <StatementsSection whose={{ ...me.organization, side: "publisher" }} zone={zone} />
      )}
      <LinksSection publisher_id={me.organization.id} campaigns={names.campaigns} zone={zone} />
      <LatestCalls filters={{}} href="/calls" zone={zone} empty="No call of yours yet." />
    </Page>
  );
}
