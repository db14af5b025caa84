import type { Site } from "../../shared/api/inventory.ts";
import { ask, client } from "../api.ts";
import { useNow } from "../clock.ts";
import { time } from "../format.ts";
import { mayManage } from "../may.ts";
import { useNames } from "../names.ts";
import { Confirm } from "../parts/form/confirm.tsx";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { Live } from "../parts/live.tsx";
import { RetireLink } from "../parts/manage/retire-link.tsx";
import { Page } from "../parts/page.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { toast } from "../parts/toast.tsx";
import { type Resource, useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { addressOf, hostOf } from "./site/host.ts";
import { LiveChecks } from "./site/live-checks.tsx";
import { pulseSentence } from "./site/sentence.ts";
import { SiteFacts } from "./site/site-facts.tsx";
import { SiteSettings } from "./site/site-forms.tsx";
import { TagSection } from "./site/tag-section.tsx";

const EVERY_S = 5;

/** One site: is its tag alive, what goes into its pages, and what is not as it could be. */
export default function SitePage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const names = useNames();
  const site = useResource(
    `site ${id}`,
    (signal) => ask(client.sites[":id"].$get, { param: { id } }, signal),
    {
      every_s: EVERY_S,
    },
  );
  const zone =
    names.campaigns.find((one) => one.id === site.data?.campaign_id)?.timezone ?? me.network.timezone;
  const gone = site.problem?.status === 404;
  const may = mayManage(me) && site.data?.retired_at === null;
  return (
    <Page
      title={site.data ? hostOf(site.data) : gone ? "No such site" : "Site"}
      crumb={
        <>
          <a href="/sites">Sites</a>
          {site.data && (
            <>
              {" / "}
              <a href={`/campaigns/${site.data.campaign_id}`}>{names.of(site.data.campaign_id)}</a>
            </>
          )}
        </>
      }
      tools={site.data && <Tools site={site.data} may={may} doing={doing} />}
    >
      {gone ? (
        <p class="note">
          It does not exist, or it belongs to somebody else. Go to <a href="/sites">all sites</a>.
        </p>
      ) : (
        <Fault what="The live check" of={site} zone={zone} />
      )}
      {site.data ? (
        <>
          <Pulse site={site.data} of={site} zone={zone} />
          {may && doing.what === "settings" && (
            <SiteSettings
              site={site.data}
              leave={doing.close}
              done={() => {
                doing.close();
                site.retry();
              }}
            />
          )}
          {may && doing.what === "retire" && (
            <RetireSite site={site.data} leave={doing.close} done={() => url.go("/sites")} />
          )}
          <LiveChecks site={site.data} zone={zone} />
          <TagSection site={site.data} />
          <SiteFacts site={site.data} names={names} zone={zone} />
          {may && <RetireLink what="site" doing={doing} />}
        </>
      ) : (
        site.slow && <Skeleton height="6rem" />
      )}
    </Page>
  );
}

function Tools({ site, may, doing }: { site: Site; may: boolean; doing: Doing }) {
  return (
    <>
      {may && (
        <button class="btn" type="button" onClick={() => doing.open("settings")}>
          Addresses and numbers
        </button>
      )}
      <a
        class={site.last_page_view_at === null ? "btn main" : "btn"}
        href={addressOf(site)}
        target="_blank"
        rel="noreferrer"
      >
        Open the site
      </a>
    </>
  );
}

/** The live check: asked every five seconds while somebody looks, counted up in between. */
function Pulse({ site, of, zone }: { site: Site; of: Resource<Site>; zone: string }) {
  const now = useNow(1_000);
  const { says, means } = pulseSentence(site, now);
  return (
    <section class="advice" aria-label="Live check">
      <div>
        <p>{says}</p>
        <p>{means}</p>
      </div>
      <Live beat={String(site.last_page_view_at)}>
        {of.as_of === null ? "checking" : `checked at ${time(of.as_of, zone)}`}
      </Live>
    </section>
  );
}

function RetireSite({ site, done, leave }: { site: Site; done: () => void; leave: () => void }) {
  return (
    <Confirm
      title={`Retire ${hostOf(site)}?`}
      act="Retire 1 site"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client.sites[":id"].$delete, { param: { id: site.id } });
        toast(`${hostOf(site)} is retired.`);
        done();
      }}
    >
      <p class="note">
        It cannot be taken back: its key is unknown from now on, and its pages show their own number to
        everybody.
      </p>
    </Confirm>
  );
}
