import type { Campaign, TermsVersion } from "../../shared/api/campaigns.ts";
import { ask, client } from "../api.ts";
import { enrollmentsOf, useWhole, versionsOf } from "../lists.ts";
import { mayManage, mayTryRouting } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { useAct } from "../parts/form/act.ts";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { RangeFigures, useRangeReport } from "../parts/manage/range-figures.tsx";
import { RetireLink } from "../parts/manage/retire-link.tsx";
import { Status } from "../parts/manage/status.tsx";
import { useRange } from "../parts/manage/use-range.ts";
import { Page } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { type Resource, useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { CampaignSettings } from "./campaign/campaign-forms.tsx";
import { EnrollmentsSection } from "./campaign/enrollments-section.tsx";
import { PauseCampaign } from "./campaign/pause-forms.tsx";
import { RetireCampaign } from "./campaign/retire-campaign.tsx";
import {
  pauseSentence,
  STANDING_GLYPHS,
  STANDING_WORDS,
  standingOf,
  termsSentence,
} from "./campaign/sentence.ts";
import { SetupSection } from "./campaign/setup-section.tsx";
import { FiltersSection } from "./campaign/targets/filters-section.tsx";
import { HeardSection } from "./campaign/targets/heard-section.tsx";
import { PreviewSection } from "./campaign/targets/preview-section.tsx";
import { TargetsSection } from "./campaign/targets/targets-section.tsx";
import { TermsForm } from "./campaign/terms-form.tsx";
import { TermsSection } from "./campaign/terms-section.tsx";

/** One campaign: who pays whom for which calls, since when, and who may bring them. */
export default function CampaignPage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const doing = useDo();
  const names = useNames();
  const campaign = useResource(`campaign ${id}`, (signal) =>
    ask(client.campaigns[":id"].$get, { param: { id } }, signal),
  );
  const zone = campaign.data?.timezone ?? me.network.timezone;
  const { range, now, words } = useRange(zone);
  const gone = campaign.problem?.status === 404;
  const may = mayManage(me) && campaign.data?.retired_at === null;
  return (
    <Page
      title={campaign.data?.name ?? (gone ? "No such campaign" : "Campaign")}
      crumb={<Crumb campaign={campaign.data} names={names} network={me.organization.kind === "network"} />}
      meta={words}
      tools={
        <>
          <RangePicker range={range} now={now} />
          {may && campaign.data && <Tools campaign={campaign.data} doing={doing} again={campaign.retry} />}
        </>
      }
    >
      {gone ? (
        <p class="note">
          It does not exist, or you are not in it. Go to <a href="/campaigns">all campaigns</a>.
        </p>
      ) : (
        <Fault what="The campaign" of={campaign} zone={zone} />
      )}
      {campaign.data ? (
        <CampaignBody
          key={id}
          campaign={campaign.data}
          of={campaign}
          names={names}
          may={may}
          doing={doing}
          range={range}
        />
      ) : (
        campaign.slow && <Skeleton height="6rem" />
      )}
    </Page>
  );
}

function Crumb({ campaign, names, network }: { campaign: Campaign | null; names: Names; network: boolean }) {
  return (
    <>
      <a href="/campaigns">Campaigns</a>
      {campaign && network && (
        <>
          {" / "}
          <a href={`/advertisers/${campaign.advertiser_id}`}>{names.of(campaign.advertiser_id)}</a>
        </>
      )}
    </>
  );
}

function Tools({ campaign, doing, again }: { campaign: Campaign; doing: Doing; again: () => void }) {
  const { busy, act } = useAct(again);
  const resume = () => {
    const param = { id: campaign.id };
    const pause = {
      reason: campaign.pause_reason ?? "Paused",
      ...(campaign.resume_at !== null && { resume_at: campaign.resume_at }),
    };
    return act(async () => {
      await ask(client.campaigns[":id"].resume.$post, { param, json: {} });
      return {
        said: "Resumed: calls that start from now on are sent there.",
        undo: () => ask(client.campaigns[":id"].pause.$post, { param, json: pause }),
      };
    });
  };
  return (
    <>
      <button class="btn" type="button" onClick={() => doing.open("settings")}>
        Settings
      </button>
      {campaign.paused_at === null ? (
        <button class="btn" type="button" onClick={() => doing.open("pause")}>
          Pause…
        </button>
      ) : (
        <button class="btn main" type="button" disabled={busy} onClick={resume}>
          Resume
        </button>
      )}
    </>
  );
}

type BodyProps = {
  campaign: Campaign;
  of: Resource<Campaign>;
  names: Names;
  may: boolean;
  doing: Doing;
  range: ReturnType<typeof useRange>["range"];
};

function CampaignBody({ campaign, of, names, may, doing, range }: BodyProps) {
  const me = useMe();
  const { kind } = me.organization;
  const zone = campaign.timezone;
  const advertiser = kind === "network" ? names.of(campaign.advertiser_id) : "The advertiser";
  const versions = useWhole(versionsOf(campaign.id));
  const enrollments = useWhole(kind === "advertiser" ? null : enrollmentsOf(campaign.id));
  const report = useRangeReport(kind, range, { campaign_id: campaign.id });
  const done = () => {
    doing.close();
    of.retry();
    versions.retry();
  };
  return (
    <>
      <Opening campaign={campaign} kind={kind} advertiser={advertiser} may={may} doing={doing} />
      <Doings
        campaign={campaign}
        versions={versions.data?.data ?? null}
        may={may}
        doing={doing}
        done={done}
      />
      <RangeFigures kind={kind} report={report} zone={zone} />
      <TermsSection campaign={campaign} kind={kind} advertiser={advertiser} versions={versions} zone={zone} />
      {kind !== "publisher" && (
        <>
          <TargetsSection campaign={campaign} may={may} />
          {kind === "network" && <FiltersSection campaign={campaign} may={may} />}
          <HeardSection campaign={campaign} may={may} />
          {mayTryRouting(me) && <PreviewSection campaign={campaign} />}
        </>
      )}
      {kind !== "advertiser" && (
        <EnrollmentsSection
          campaign={campaign}
          kind={kind}
          enrollments={enrollments}
          names={names}
          zone={zone}
          may={may}
        />
      )}
      <SetupSection campaign={campaign} kind={kind} names={names} zone={zone} />
      {may && <RetireLink what="campaign" doing={doing} />}
    </>
  );
}

type OpeningProps = {
  campaign: Campaign;
  kind: Parameters<typeof termsSentence>[0];
  advertiser: string;
  may: boolean;
  doing: Doing;
};

function Opening({ campaign, kind, advertiser, may, doing }: OpeningProps) {
  const standing = standingOf(campaign);
  const pause = pauseSentence(campaign, campaign.timezone);
  return (
    <section class="advice" aria-label="In short">
      <div>
        <p>{termsSentence(kind, campaign, advertiser)}</p>
        <p>
          <Status glyph={STANDING_GLYPHS[standing]}>{pause ?? STANDING_WORDS[standing]}</Status>
          {" · "}
          <a href={`/calls?campaign_id=${campaign.id}`}>All of its calls</a>
        </p>
      </div>
      {may && doing.what !== "terms" && (
        <button
          class={campaign.terms === null ? "btn main" : "btn"}
          type="button"
          onClick={() => doing.open("terms")}
        >
          New terms…
        </button>
      )}
    </section>
  );
}

/** The form that is open, if one is. */
function Doings(props: {
  campaign: Campaign;
  versions: readonly TermsVersion[] | null;
  may: boolean;
  doing: Doing;
  done: () => void;
}) {
  const { campaign, versions, may, doing, done } = props;
  const url = useUrl();
  if (!may) return null;
  switch (doing.what) {
    case "settings":
      return <CampaignSettings campaign={campaign} done={done} leave={doing.close} />;
    case "pause":
      return <PauseCampaign campaign={campaign} done={done} leave={doing.close} />;
    case "retire":
      return <RetireCampaign campaign={campaign} done={() => url.go("/campaigns")} leave={doing.close} />;
    case "terms":
      // The fields begin with the last version, so they wait for the versions.
      return (
        versions && (
          <TermsForm campaign={campaign} last={versions.at(-1) ?? null} done={done} leave={doing.close} />
        )
      );
    default:
      return null;
  }
}
