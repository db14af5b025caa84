import type { Campaign } from "../../../../shared/api/campaigns.ts";
import { callFlowsOf, useWhole } from "../../../lists.ts";
import { Section } from "../../../parts/page.tsx";
import { Loaded, Skeleton } from "../../../parts/states.tsx";
import { flowSentence } from "../../flow/sentence.ts";

/** What a caller hears before anybody answers, in a sentence; the page of the call flow draws it. */
export function HeardSection({ campaign, may }: { campaign: Campaign; may: boolean }) {
  const versions = useWhole(callFlowsOf(campaign.id));
  return (
    <Section
      id="heard"
      title="Call flow"
      tools={
        <a class="btn" href={`/campaigns/${campaign.id}/flow`}>
          {may ? "See and change" : "See it drawn"}
        </a>
      }
    >
      <Loaded of={versions} what="The call flow" zone={campaign.timezone} skeleton={<Skeleton width="60%" />}>
        {({ data }) => <p class="note">{flowSentence(data[0]?.flow ?? null)}</p>}
      </Loaded>
    </Section>
  );
}
