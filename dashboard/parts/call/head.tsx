import type { Call } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { moneySymbol, NOTHING } from "../../format.ts";
import { VerdictTag } from "../glyph.tsx";
import { Live } from "../live.tsx";
import { moneySides } from "./money-sides.ts";
import { Ticker } from "./ticker.tsx";
import { ENDING_WORDS, type Ending, endingsOf, isVerdict, type Side } from "./verdict.ts";

const SIDE_WORDS: Readonly<Record<Side, string>> = { revenue: "Advertiser", payout: "Publisher" };

/** The verdict's tag, two where the sides differ, and what else marks the call: ringing, a test, a repeat. */
export function CallTags({ call }: { call: Call }) {
  return (
    <span class="chips tags">
      {endingsOf(call).map(({ ending, side }) => (
        <span key={side ?? "both"} class="v">
          {side && <span class="meta">{SIDE_WORDS[side]}</span>}
          <EndingTag ending={ending} call={call} />
        </span>
      ))}
      {call.is_test && <span class="tag plain">Test call</span>}
      {call.is_duplicate && <span class="tag plain">Repeat caller</span>}
      {call.leg_report_missing && <span class="tag plain">Report missing</span>}
    </span>
  );
}

/** Nothing is owed or earned yet, which is not the same as zero. */
function Undecided() {
  return (
    <span class="quiet">
      <span aria-hidden="true">{NOTHING}</span>
      <span class="vh">not decided yet</span>
    </span>
  );
}

function EndingTag({ ending, call }: { ending: Ending; call: Call }) {
  if (isVerdict(ending)) return <VerdictTag status={ending} />;
  if (ending === "unbooked") return <span class="tag plain">{ENDING_WORDS[ending]}</span>;
  return (
    <Live beat={ending}>
      {ENDING_WORDS[ending]} <Ticker call={call} />
    </Live>
  );
}

/** Who pays, earns and keeps; struck through what had been booked before. Only figures the reader may see. */
export function Sides(props: { call: Call; kind: OrganizationKind; entries: readonly LedgerEntry[] | null }) {
  const { call, kind, entries } = props;
  const sides = moneySides(call, kind, entries ?? []);
  if (sides.length === 0) return null;
  return (
    <dl class={`sides of-${sides.length}`}>
      {sides.map(({ label, amount_micros, instead_micros }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {amount_micros === null ? <Undecided /> : moneySymbol(amount_micros, call.currency)}
            {instead_micros !== null && (
              <s>
                <span class="vh">instead of </span>
                {moneySymbol(instead_micros, call.currency)}
              </s>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
