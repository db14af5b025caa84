import type { ComponentChildren } from "preact";
import type { Call } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { dayName, NBSP, seconds, time } from "../../format.ts";
import { dayOf } from "../../zone.ts";
import { AttributionPlot } from "./attribution-plot.tsx";
import { attributionWords } from "./attribution-words.ts";
import { EvidenceTable } from "./evidence-table.tsx";
import type { Names } from "./names.ts";
import { Pressed, Routed } from "./phone-side.tsx";
import { PostingsTable } from "./postings-table.tsx";
import { Recordings } from "./recordings.tsx";
import { decidingFailure, ruleTally } from "./rules.ts";
import { RulesTable } from "./rules-table.tsx";
import { type Station, stationsOf } from "./stations.ts";
import { Stop } from "./stop.tsx";
import { Ticker } from "./ticker.tsx";
import { judgementsOf, phaseOf, type Side, wasAnswered } from "./verdict.ts";
import { VisitFacts } from "./visit-facts.tsx";

export type CallReading = {
  call: Call;
  entries: readonly LedgerEntry[] | null;
  kind: OrganizationKind;
  names: Names;
  zone: string;
};

/** The call page is its trail: every stop with what is known there, from page view to postings. */
export function Spine(reading: CallReading) {
  const stations = stationsOf(reading.call, reading);
  return (
    <ol class="way-list spine">
      {stations.map((station, index) => (
        <Stop
          key={station.id}
          station={station}
          zone={reading.zone}
          beside={besideTime(stations, index, reading.zone)}
          last={index === stations.length - 1}
        >
          <h2>{station.title}</h2>
          <StationBody station={station} {...reading} />
        </Stop>
      ))}
    </ol>
  );
}

/** Under the first time of a day that day; under each other one how long after the stop before. */
function besideTime(stations: readonly Station[], index: number, zone: string): string {
  const at = stations[index]?.at ?? null;
  if (at === null) return "";
  const before = stations.slice(0, index).findLast((station) => station.at !== null)?.at ?? null;
  const day = dayOf(at, zone);
  if (before === null || dayOf(before, zone) !== day) return dayName(day);
  return at < before ? "" : `+${gapWords(at - before)}`;
}

/** `0 s`, `34 s`, `11 min 5 s`, `3 h 58 min`. */
function gapWords(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1_000));
  if (s < 60) return `${s}${NBSP}s`;
  if (s < 3_600) return `${Math.floor(s / 60)}${NBSP}min ${s % 60}${NBSP}s`;
  return `${Math.floor(s / 3_600)}${NBSP}h ${Math.floor(s / 60) % 60}${NBSP}min`;
}

function StationBody({ station, ...reading }: CallReading & { station: Station }): ComponentChildren {
  const { call, kind, names, zone } = reading;
  const lead = station.text === "" ? null : <p class="lead">{station.text}</p>;
  switch (station.id) {
    case "visit":
      return call.session && <VisitFacts call={call} visit={call.session} names={names} zone={zone} />;
    case "ring":
      return (
        <>
          {lead}
          <Pressed call={call} />
        </>
      );
    case "answer":
      return (
        <>
          {wasAnswered(call) || phaseOf(call) !== "over" ? <Answer call={call} zone={zone} /> : lead}
          <Recordings call={call} zone={zone} />
          <Routed call={call} zone={zone} />
        </>
      );
    case "attribution":
      return station.ahead ? lead : <AttributionStop {...reading} />;
    case "verdict":
      return <VerdictStop call={call} kind={kind} lead={lead} />;
    case "postings":
      return <PostingsStop lead={lead} {...reading} />;
    default:
      return lead;
  }
}

function Answer({ call, zone }: { call: Call; zone: string }) {
  const phase = phaseOf(call);
  if (phase !== "over") {
    return (
      <p class="lead">
        {phase === "ringing" ? "Ringing for " : "On the line for "}
        <Ticker call={call} />.
      </p>
    );
  }
  const { target, connected_s, duration_s, ended_at, legs = [] } = call;
  const tried = legs.filter((leg) => !leg.connected_s);
  return (
    <>
      <p class="lead">
        {target && `${displayNumber(target)}. `}
        {ended_at !== null && `The call ended at ${time(ended_at, zone)}.`}
      </p>
      <dl class="facts">
        {duration_s !== null && (
          <div class="fact">
            <dt>Whole call</dt>
            <dd>{seconds(duration_s)} from our answer to the end</dd>
          </div>
        )}
        <div class="fact">
          <dt>Connected</dt>
          <dd>
            {connected_s === null ? (
              "not reported yet"
            ) : (
              <>
                <b>{seconds(connected_s)}</b> with the target, from the dialled leg's report
              </>
            )}
          </dd>
        </div>
        {tried.map((leg) => (
          <div key={leg.target} class="fact">
            <dt>Tried</dt>
            <dd>
              {displayNumber(leg.target)}: {leg.status.replaceAll("_", " ")}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function AttributionStop({ call, kind, names, zone }: CallReading) {
  return (
    <>
      <p class="lead">{attributionWords(call, kind, names)}</p>
      <AttributionPlot call={call} names={names} zone={zone} />
      <EvidenceTable evidence={call.attribution.evidence} />
    </>
  );
}

const SIDE_WORDS: Readonly<Record<Side, string>> = { revenue: "Advertiser", payout: "Publisher" };

function VerdictStop({ call, kind, lead }: { call: Call; kind: OrganizationKind; lead: ComponentChildren }) {
  if (phaseOf(call) !== "over") return lead;
  const sides = judgementsOf(call);
  const version = sides[0]?.terms_version ?? null;
  const tallies = sides.map((side) => {
    const tally = ruleTally(side.rules);
    return sides.length === 1 ? tally : `${SIDE_WORDS[side.side]}: ${tally}`;
  });
  return (
    <>
      <p class="lead">
        {version !== null && `Terms v${version}, in force when the call began. `}
        {capital(tallies.filter(Boolean).join(". "))}.
        {sides.some(({ rules }) => decidingFailure(rules) !== null) &&
          " Every rule is judged, also after one failed."}
      </p>
      <RulesTable call={call} kind={kind} />
    </>
  );
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function PostingsStop({ lead, entries, ...reading }: CallReading & { lead: ComponentChildren }) {
  return (
    <>
      {lead}
      {entries && entries.length > 0 && (
        <PostingsTable entries={entries} kind={reading.kind} names={reading.names} zone={reading.zone} />
      )}
    </>
  );
}
