import { useState } from "preact/hooks";
import { caller, dateTime } from "../../format.ts";
import { mayReadMoney } from "../../may.ts";
import { useMe } from "../../session.ts";
import { Tabs } from "../tabs.tsx";
import { AttributionPlot } from "./attribution-plot.tsx";
import { attributionWords } from "./attribution-words.ts";
import { EvidenceTable } from "./evidence-table.tsx";
import { CallTags, Sides } from "./head.tsx";
import { campaignName } from "./names.ts";
import { PostingsTable } from "./postings-table.tsx";
import { RawCall } from "./raw.tsx";
import { RulesTable } from "./rules-table.tsx";
import { sentenceOf } from "./sentence.ts";
import type { CallReading } from "./spine.tsx";
import { CallTrail } from "./trail.tsx";
import { isAttributed } from "./verdict.ts";

const TABS = [
  { id: "trail", label: "Trail" },
  { id: "attribution", label: "Attribution" },
  { id: "rules", label: "Rules" },
  { id: "postings", label: "Postings" },
  { id: "raw", label: "Raw" },
] as const;
type TabId = (typeof TABS)[number]["id"];

const isTab = (id: string): id is TabId => TABS.some((tab) => tab.id === id);

/** The call page, condensed: who called, the sentence, the money, then trail, attribution and rules by tab. */
export function CallDrawerBody(reading: CallReading) {
  const { call, kind, names, zone, entries } = reading;
  const readsMoney = mayReadMoney(useMe());
  const [tab, setTab] = useState<TabId>("trail");
  const { decides, why } = sentenceOf(call, kind, names);
  return (
    <>
      <div>
        <h2>{caller(call.from)}</h2>
        <p class="soft meta-line">
          {[dateTime(call.started_at, zone), campaignName(call, names)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <div>
        <CallTags call={call} />
        <p class="note said">
          <b>{decides}</b> {why}
        </p>
      </div>
      <Sides call={call} kind={kind} entries={entries} />
      <Tabs
        tabs={TABS.filter(({ id }) => id !== "postings" || readsMoney)}
        selected={tab}
        onSelect={(id) => isTab(id) && setTab(id)}
        label="Parts of the call"
        controls="call-part"
      />
      <div id="call-part" role="tabpanel" aria-label={TABS.find(({ id }) => id === tab)?.label}>
        <Part tab={tab} {...reading} />
      </div>
    </>
  );
}

function Part({ tab, ...reading }: CallReading & { tab: TabId }) {
  const { call, kind, names, zone, entries } = reading;
  switch (tab) {
    case "trail":
      return <CallTrail call={call} names={names} zone={zone} entries={entries} />;
    case "attribution":
      return (
        <div class="stack">
          <p class="note">{attributionWords(call, kind, names)}</p>
          {call.attribution.method !== "static_number" && isAttributed(call) && (
            <AttributionPlot call={call} names={names} zone={zone} />
          )}
          <EvidenceTable evidence={call.attribution.evidence} />
        </div>
      );
    case "rules":
      return <RulesTable call={call} kind={kind} />;
    case "postings":
      return entries === null ? null : entries.length > 0 ? (
        <PostingsTable entries={entries} kind={kind} names={names} zone={zone} />
      ) : (
        <p class="note">Nothing was booked for this call.</p>
      );
    case "raw":
      return <RawCall call={call} open />;
  }
}
