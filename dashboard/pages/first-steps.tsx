import type { ComponentChildren } from "preact";
import type { Call } from "../../shared/api/calls.ts";
import type { Campaign } from "../../shared/api/campaigns.ts";
import type { Pool, Site } from "../../shared/api/inventory.ts";
import { displayNumber } from "../../shared/phone-number.ts";
import { ask, client, type List } from "../api.ts";
import { caller, counted, time, zoneName } from "../format.ts";
import { Code } from "../parts/copy.tsx";
import { Glyph, VERDICT_WORDS } from "../parts/glyph.tsx";
import { Live } from "../parts/live.tsx";
import { Page } from "../parts/page.tsx";
import { Fault } from "../parts/states.tsx";
import { Station } from "../parts/stations.tsx";
import { useResource } from "../query.ts";
import { ROUTES } from "../routes.ts";
import { useMe } from "../session.ts";

/** What a new network has so far: the first of each kind, null where there is none. */
export type Progress = {
  campaign: Campaign | null;
  pool: Pool | null;
  site: Site | null;
  call: Call | null;
};

/** The steps in order, and which of them are done. */
export function stepsDone({ campaign, pool, site, call }: Progress): boolean[] {
  const judged = call?.revenue !== undefined && call.revenue.status !== "pending";
  return [
    campaign !== null,
    pool !== null && pool.numbers > 0,
    site !== null,
    site?.last_page_view_at != null,
    call !== null,
    judged,
  ];
}

const EVERY_S = 5;
const WORDS = ["None", "One", "Two", "Three", "Four", "Five", "All six"];

async function loadProgress(signal: AbortSignal): Promise<Progress> {
  const one = { query: { limit: 1 } };
  const first = <T,>({ data }: List<T>): T | null => data[0] ?? null;
  const [campaign, pool, site, call] = await Promise.all([
    ask(client.campaigns.$get, one, signal).then(first),
    ask(client.pools.$get, one, signal).then(first),
    ask(client.sites.$get, one, signal).then(first),
    ask(client.calls.$get, one, signal).then(first),
  ]);
  return { campaign, pool, site, call };
}

/** The trail of first steps: leads a new network from nothing to its first verdict, and checks live what came. */
export default function FirstSteps() {
  const me = useMe();
  const zone = me.network.timezone;
  const progress = useResource("first steps", loadProgress, { every_s: EVERY_S });
  const done = progress.data ? stepsDone(progress.data) : [];
  const number = done.filter(Boolean).length;
  return (
    <div class="setup">
      <Page title="Lay the first trail" name="First steps">
        <Fault what="The steps" of={progress} zone={zone} />
        <p class="soft">
          From a page view to a payout in six steps. {WORDS[number]} {number === 1 ? "is" : "are"} done.
        </p>
        {progress.data && <Steps progress={progress.data} done={done} asOf={progress.as_of} zone={zone} />}
      </Page>
    </div>
  );
}

type StepsProps = { progress: Progress; done: boolean[]; asOf: number | null; zone: string };

function Steps({ progress, done, asOf, zone }: StepsProps) {
  const next = done.indexOf(false);
  const { campaign, pool, site, call } = progress;
  const state = (index: number) => ({ done: done[index] === true, next: index === next });
  return (
    <ol class="way-list">
      <Step
        {...state(0)}
        title="Campaign"
        said={campaign && `${campaign.name}, ${campaign.currency}, ${zoneName(campaign.timezone)}`}
        todo="Who is called, and what a call is worth."
      >
        <Act path="/campaigns" words="Make the first campaign" resource="campaigns" />
      </Step>
      <Step
        {...state(1)}
        title="Numbers"
        said={pool && `${counted(pool.numbers, "number")} in pool “${pool.name}”`}
        todo="A pool lends one to each visitor."
      >
        <Act path="/pools" words="Make a pool and add numbers" resource="pools" />
      </Step>
      <Step
        {...state(2)}
        title="Site"
        said={site && `${hostOf(site)}, swaps ${site.swap_numbers.map(displayNumber).join(", ")}`}
        todo="Where the number is shown, and which one it replaces."
      >
        <Act path="/sites" words="Add your site" resource="sites" />
      </Step>
      <Step
        {...state(3)}
        title="Put the tag on your pages"
        said={site?.last_page_view_at ? `Last page view at ${time(site.last_page_view_at, zone)}` : null}
        todo="Once, anywhere in the page."
      >
        {site && <Tag site={site} asOf={asOf} zone={zone} />}
      </Step>
      <Step
        {...state(4)}
        title="First call"
        said={call && `${caller(call.from)} at ${time(call.started_at, zone)}`}
        todo="Ring the number you see. It shows up here while it rings."
      >
        <div class="row">
          <Live beat={0}>
            <b>Waiting for the first call…</b>
          </Live>
        </div>
      </Step>
      <Step
        {...state(5)}
        title="First verdict"
        said={call?.revenue ? VERDICT_WORDS[call.revenue.status] : null}
        todo="Terms decide, and say why."
      />
    </ol>
  );
}

const hostOf = (site: Site): string => site.origins[0]?.replace(/^https?:\/\//, "") ?? site.id;

function Step(props: {
  done: boolean;
  next: boolean;
  title: string;
  said: string | null | undefined | false;
  todo: string;
  children?: ComponentChildren;
}) {
  const { done, next, title, said, todo, children } = props;
  const glyph = done ? "fact" : next ? "ring" : "open";
  return (
    <Station glyph={glyph} line={done ? "fact" : "wait"} todo={!done && !next}>
      <h2>
        {title} <small>{done && said ? said : todo}</small>
      </h2>
      {next && children}
    </Station>
  );
}

/** The way to the page where the step is done, or the request that does it where there is no such page. */
function Act({ path, words, resource }: { path: string; words: string; resource: string }) {
  if (ROUTES.some((route) => route.path === path)) {
    return (
      <div class="row">
        <a class="btn main" href={path}>
          {words}
        </a>
      </div>
    );
  }
  return (
    <>
      <Code text={`POST ${location.origin}/api/v1/${resource}`} what="the request" />
      <p class="hint">
        {words} through the API; its fields are in the{" "}
        <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          OpenAPI document
        </a>
        .
      </p>
    </>
  );
}

function Tag({ site, asOf, zone }: { site: Site; asOf: number | null; zone: string }) {
  const seen = site.last_page_view_at !== null;
  return (
    <>
      <p class="soft">It waits for nothing and, if it fails, leaves your own number as it is.</p>
      <Code text={site.snippet} what="the snippet" />
      <div class="row" role="status">
        <Live beat={String(seen)}>
          <b>Waiting for the first page view…</b>
        </Live>
        {asOf !== null && <span class="meta">as of {time(asOf, zone)}</span>}
      </div>
      <ul class="checks">
        <li>
          <Glyph name={seen ? "pass" : "open"} class={seen ? "ok" : "quiet"} />
          <span>A page of {hostOf(site)} asked for a number</span>
          <span class="meta">{seen ? "seen" : "not yet"}</span>
        </li>
        {site.warnings.map((warning) => (
          <li key={warning}>
            <Glyph name="open" class="quiet" />
            <span>{warning}</span>
            <span class="meta">worth a look</span>
          </li>
        ))}
      </ul>
      <div class="row">
        <a
          class="btn main"
          href={(site.origins[0] ?? "/").replace("*.", "www.")}
          target="_blank"
          rel="noreferrer"
        >
          Open my site in a new tab
        </a>
      </div>
    </>
  );
}
