import { useState } from "preact/hooks";
import type { Campaign } from "../../shared/api/campaigns.ts";
import type { CallFlow, CallFlowVersion } from "../../shared/api/ivr.ts";
import { ask, client } from "../api.ts";
import { callFlowsOf, useWhole, type Whole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { dayAndMinute } from "../parts/manage/when.ts";
import { Page, Section } from "../parts/page.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { type Resource, useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { FlowForm } from "./flow/flow-form.tsx";
import { FlowGraph } from "./flow/graph.tsx";
import { flowFacts, flowSentence } from "./flow/sentence.ts";
import { StepFacts } from "./flow/step-facts.tsx";
import { TrialPanel, useTrial } from "./flow/trial.tsx";
import { TrialOf } from "./flow/trial-of.tsx";
import { useFlowNames } from "./flow/use-names.ts";

const PLAIN: CallFlow = { caller_id: "caller", dead_air_s: 120 };

/** A campaign's call flow: what callers and agents hear, are asked and recorded by, drawn and tried out. */
export default function FlowPage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const doing = useDo();
  const campaign = useResource(`campaign ${id}`, (signal) =>
    ask(client.campaigns[":id"].$get, { param: { id } }, signal),
  );
  const versions = useWhole(callFlowsOf(id));
  const zone = campaign.data?.timezone ?? me.network.timezone;
  const may = mayManage(me) && campaign.data?.retired_at === null;
  const gone = campaign.problem?.status === 404;
  return (
    <Page
      title="Call flow"
      crumb={
        <>
          <a href="/campaigns">Campaigns</a>
          {" / "}
          <a href={`/campaigns/${id}`}>{campaign.data?.name ?? "Campaign"}</a>
        </>
      }
      meta={versions.data && versionWords(versions.data.data, zone)}
      tools={
        may &&
        doing.what !== "change" && (
          <button class="btn" type="button" onClick={() => doing.open("change")}>
            Change…
          </button>
        )
      }
    >
      {gone ? (
        <p class="note">
          It does not exist, or you are not in it. Go to <a href="/campaigns">all campaigns</a>.
        </p>
      ) : (
        <>
          <Fault what="The campaign" of={campaign} zone={zone} />
          <Fault what="The call flow" of={versions} zone={zone} />
        </>
      )}
      {campaign.data && versions.data ? (
        <FlowBody key={id} campaign={campaign.data} versions={versions} may={may} doing={doing} />
      ) : (
        (campaign.slow || versions.slow) && <Skeleton height="16rem" />
      )}
    </Page>
  );
}

function versionWords([last]: readonly CallFlowVersion[], zone: string): string {
  return last ? `v${last.version}, since ${dayAndMinute(last.created_at, zone)}` : "never set";
}

type BodyProps = {
  campaign: Campaign;
  versions: Resource<Whole<CallFlowVersion>>;
  may: boolean;
  doing: Doing;
};

function FlowBody({ campaign, versions, may, doing }: BodyProps) {
  const last = versions.data?.data[0] ?? null;
  const flow = last?.flow ?? PLAIN;
  const zone = campaign.timezone;
  const isChanging = may && doing.what === "change";
  const [draft, setDraft] = useState<CallFlow | null>(null);
  const leave = () => {
    setDraft(null);
    doing.close();
  };
  return (
    <>
      <section class="advice" aria-label="In short">
        <div>
          <p>{flowSentence(last?.flow ?? null)}</p>
        </div>
        {may && !isChanging && !flow.menu && (
          <button class="btn" type="button" onClick={() => doing.open("change")}>
            Add a menu…
          </button>
        )}
      </section>
      {isChanging && (
        <FlowForm
          campaign_id={campaign.id}
          flow={flow}
          onTry={setDraft}
          leave={leave}
          done={() => {
            leave();
            versions.retry();
          }}
        />
      )}
      <Drawn
        key={draft ? JSON.stringify(draft) : (last?.version ?? 0)}
        campaign={campaign}
        flow={draft ?? flow}
        isDraft={draft !== null}
      />
      <div class="two sec">
        <Section id="set" title="Heard and recorded">
          <dl class="facts">
            {flowFacts(flow).map(({ label, words }) => (
              <div key={label} class="fact">
                <dt>{label}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section id="versions" title="Versions">
          <Versions versions={versions.data?.data ?? []} zone={zone} />
        </Section>
      </div>
    </>
  );
}

function Versions({ versions, zone }: { versions: readonly CallFlowVersion[]; zone: string }) {
  if (versions.length === 0) return <p class="note">None yet.</p>;
  return (
    <ol class="changes">
      {versions.map(({ id, version, created_at, flow }, index) => (
        <li key={id}>
          <b>v{version}</b> since {dayAndMinute(created_at, zone)}
          {index === 0 ? ", in force" : ""}: {flow.menu ? `${flow.menu.nodes.length} steps` : "no menu"},{" "}
          {flow.recording ? "recorded" : "not recorded"}
        </li>
      ))}
    </ol>
  );
}

/** The menu beside the call that is tried out in it; what the call passed is drawn as its trail. */
function Drawn({ campaign, flow, isDraft }: { campaign: Campaign; flow: CallFlow; isDraft: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [ring, setRing] = useState<{ at: number | null; from: string }>({ at: null, from: "" });
  const names = useFlowNames(campaign.id);
  const trying = useTrial({ campaign_id: campaign.id, flow: isDraft ? flow : null, ...ring });
  const trial = trying.of.data;
  const trail = {
    passed: trial?.passed.flatMap(({ node }) => node ?? []) ?? [],
    now: trial?.now.node ?? null,
  };
  const step = flow.menu?.nodes.find(({ id }) => id === chosen) ?? null;
  return (
    <div class={flow.menu ? "flow-split" : undefined}>
      {flow.menu && (
        <Section
          id="menu"
          title={isDraft ? "The menu as drafted" : "The menu"}
          aside="choose a step to read it"
        >
          <FlowGraph menu={flow.menu} names={names} trail={trail} chosen={chosen} onChoose={setChosen} />
          {step && <StepFacts node={step} names={names} />}
        </Section>
      )}
      <Section id="try" title="Try it" aside="nobody is rung">
        <TrialOf zone={campaign.timezone} ring={ring} onChange={setRing} />
        <TrialPanel trying={trying} names={names} zone={campaign.timezone} />
      </Section>
    </div>
  );
}
