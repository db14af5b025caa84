import type { Campaign } from "../../../shared/api/campaigns.ts";
import { ask, client } from "../../api.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { toast } from "../../parts/toast.tsx";

/** Asks before a campaign is taken out of use for good; refused while numbers, pools or sites belong to it. */
export function RetireCampaign(props: { campaign: Campaign; done: () => void; leave: () => void }) {
  const { campaign, done, leave } = props;
  return (
    <Confirm
      title={`Retire “${campaign.name}”?`}
      act="Retire 1 campaign"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client.campaigns[":id"].$delete, { param: { id: campaign.id } });
        toast(`Campaign “${campaign.name}” is retired.`);
        done();
      }}
    >
      <p class="note">
        It cannot be taken back: no call is sent to it any more. What was earned stays booked. Its pools,
        numbers and sites must be moved or retired first.
      </p>
    </Confirm>
  );
}
