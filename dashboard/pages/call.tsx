import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { caller, NBSP } from "../format.ts";
import { useShortcuts } from "../keys.ts";
import { mayReadMoney } from "../may.ts";
import { neighboursInList, neighboursInTime } from "../parts/call/call-order.ts";
import { type Directory, useDirectory } from "../parts/call/directory.ts";
import { Disputes } from "../parts/call/disputes.tsx";
import { HandOver } from "../parts/call/hand-over.tsx";
import { CallTags, Sides } from "../parts/call/head.tsx";
import { LedUp } from "../parts/call/led-up.tsx";
import { campaignName } from "../parts/call/names.ts";
import { RawCall } from "../parts/call/raw.tsx";
import { sentenceOf } from "../parts/call/sentence.ts";
import { Spine } from "../parts/call/spine.tsx";
import { Timeline } from "../parts/call/timeline.tsx";
import { useCall } from "../parts/call/use-call.ts";
import { CopyButton } from "../parts/copy.tsx";
import { Icon } from "../parts/glyph.tsx";
import { Page } from "../parts/page.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";

/** One call from page view to posting: the sentence that decides, then the trail that it rests on. */
export default function CallPage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const names = useDirectory();
  const { call, entries } = useCall(id, mayReadMoney(me));
  const zone = names.zoneOf(call.data?.campaign_id ?? null);
  const gone = call.problem?.status === 404;
  return (
    <Page
      title={call.data ? titleOf(call.data, names) : gone ? "No such call" : "Call"}
      crumb={
        <>
          <a href="/calls">Calls</a> / <span class="mono">{id}</span>
          <CopyButton text={id} what="the call's id" />
        </>
      }
      tools={<Neighbours call={call.data} />}
    >
      {gone ? (
        <p class="note">
          It does not exist, or it belongs to somebody else. Go to the <a href="/calls">call log</a>.
        </p>
      ) : (
        <Fault what="The call" of={call} zone={zone} />
      )}
      <Fault what="The postings" of={entries} zone={zone} />
      {call.data ? (
        <CallBody
          call={call.data}
          entries={entries.data}
          kind={me.organization.kind}
          names={names}
          zone={zone}
          reload={call.retry}
        />
      ) : (
        call.slow && <CallSkeleton />
      )}
    </Page>
  );
}

function titleOf(call: Call, names: Directory): string {
  const to = campaignName(call, names);
  const from = call.from === null ? `Hidden${NBSP}caller` : caller(call.from);
  return to === null ? `${from} to no campaign` : `${from} to ${to}`;
}

type Reading = Parameters<typeof Spine>[0] & { kind: OrganizationKind; reload: () => void };

function CallBody(reading: Reading) {
  const { call, kind, names, zone, entries, reload } = reading;
  const { decides, why } = sentenceOf(call, kind, names);
  return (
    <>
      <section class="verdict" aria-label="Verdict">
        <div>
          <CallTags call={call} />
          <p>
            {decides} {why}
          </p>
        </div>
        <Sides call={call} kind={kind} entries={entries} />
      </section>
      <HandOver call={call} />
      <Spine {...reading} />
      <Disputes call={call} kind={kind} zone={zone} reload={reload} />
      <section class="after-spine" aria-labelledby="h-more">
        <h2 id="h-more" class="vh">
          More about this call
        </h2>
        <LedUp call={call} zone={zone} />
        {call.timeline && call.timeline.length > 0 && (
          <details>
            <summary>Every event, {call.timeline.length}</summary>
            <Timeline call={call} zone={zone} />
          </details>
        )}
        <Signals call={call} zone={zone} />
        <RawCall call={call} />
      </section>
    </>
  );
}

/** What was reported about the call afterwards: a sale, a booked visit. */
function Signals({ call }: { call: Call; zone: string }) {
  if (call.signals.length === 0) return null;
  return (
    <dl class="facts">
      {call.signals.map((signal) => (
        <div key={signal.id} class="fact">
          <dt>{signal.name}</dt>
          <dd>{String(signal.value ?? "")}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Previous and next call: of the list one came from, else in time. Left and right arrow do the same. */
function Neighbours({ call }: { call: Call | null }) {
  const url = useUrl();
  const listed = call === null ? null : neighboursInList(call.id);
  const asked = useResource(call !== null && listed === null ? `neighbours ${call.id}` : null, (signal) =>
    neighboursInTime(call?.started_at ?? 0, signal),
  );
  const { previous = null, next = null } = listed ?? asked.data ?? {};
  const go = (id: string | null) => id !== null && url.go(`/calls/${id}`);
  useShortcuts([
    { key: "ArrowLeft", shown: "←", does: "Previous call", group: "This call", run: () => go(previous) },
    { key: "ArrowRight", shown: "→", does: "Next call", group: "This call", run: () => go(next) },
    { key: "k", shown: "k", does: "", group: "This call", run: () => go(previous) },
    { key: "j", shown: "j", does: "", group: "This call", run: () => go(next) },
    { key: "Escape", shown: "Esc", does: "Back to the log", group: "This call", run: () => url.go("/calls") },
  ]);
  return (
    <div class="group">
      <button
        class="btn"
        type="button"
        aria-label="Previous call (left arrow)"
        disabled={previous === null}
        onClick={() => go(previous)}
      >
        <Icon name="left" />
      </button>
      <button
        class="btn"
        type="button"
        aria-label="Next call (right arrow)"
        disabled={next === null}
        onClick={() => go(next)}
      >
        <Icon name="right" />
      </button>
    </div>
  );
}

/** The page's own shape: the sentence beside three figures, then the trail. */
function CallSkeleton() {
  return (
    <div aria-busy="true">
      <div class="verdict">
        <div class="stack">
          <Skeleton width="6rem" height="1.5rem" />
          <Skeleton width="100%" height="1.4rem" />
          <Skeleton width="80%" height="1.4rem" />
        </div>
        <Skeleton width="25rem" height="3.5rem" />
      </div>
      <div class="stack spine-skeleton">
        {["4rem", "3rem", "3rem", "4rem", "14rem", "10rem"].map((height, index) => (
          <Skeleton key={`${height}${index}`} width={`${88 - index * 6}%`} height={height} />
        ))}
      </div>
    </div>
  );
}
