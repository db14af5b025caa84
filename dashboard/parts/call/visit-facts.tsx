import type { Call } from "../../../shared/api/calls.ts";
import { NOTHING, time } from "../../format.ts";
import { CopyButton } from "../copy.tsx";
import { type Names, publisherName } from "./names.ts";
import { proofWords, sourceWords, type Visit } from "./stations.ts";

/** `harborpine.example/emergency`: host and path, the query being told apart from them. */
function pageWords(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname === "/" ? "" : pathname}`;
  } catch {
    return url;
  }
}

type Fact = { term: string; says: string | null; copy?: string };

/** What is known of the visit: where it landed, where it came from, who is proven to have sent it. */
export function VisitFacts(props: { call: Call; visit: Visit; names: Names; zone: string }) {
  const { call, visit, names, zone } = props;
  const publisher = publisherName(call, names);
  const clickIds = Object.entries(visit.click_ids ?? {});
  const data = Object.entries(visit.data ?? {});
  const place = [visit.region, visit.device].filter(Boolean).join(", ");
  const first: Fact[] = [
    {
      term: "Page",
      says: visit.landing_url ? pageWords(visit.landing_url) : null,
      ...copied(visit.landing_url),
    },
    { term: "Referrer", says: visit.referrer ? pageWords(visit.referrer) : null },
    { term: "Source", says: [sourceWords(visit), visit.campaign].filter(Boolean).join(", ") || null },
    { term: "Keyword", says: visit.term || null },
    { term: "Content", says: visit.content || null },
  ];
  const second: Fact[] = [
    {
      term: "Publisher",
      says: publisher ? `${publisher}, ${proofWords(call.attribution.publisher_proof)}` : null,
    },
    { term: "Channel", says: visit.channel?.replaceAll("_", " ") || null },
    { term: "Visitor", says: place || null },
    { term: "Last seen", says: visit.last_seen_at === undefined ? null : time(visit.last_seen_at, zone) },
    ...clickIds.map(([name, value]) => ({ term: name, says: value, copy: value })),
    ...data.map(([name, value]) => ({ term: name, says: value })),
  ];
  return (
    <div class="cols">
      <FactList facts={first} />
      <FactList facts={second} />
    </div>
  );
}

function copied(text: string | undefined): { copy?: string } {
  return text ? { copy: text } : {};
}

/** Only facts that are there; an empty list is not shown at all. */
function FactList({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(({ says }) => says !== null && says !== "");
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(({ term, says, copy }) => (
        <div key={term} class="fact">
          <dt>{term}</dt>
          <dd title={copy && copy !== says ? copy : undefined}>
            {says ?? NOTHING}
            {copy && <CopyButton text={copy} what={`the ${term.toLowerCase()}`} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
