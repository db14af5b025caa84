import type { Campaign, CampaignInput, CampaignPatch } from "../../../shared/api/campaigns.ts";
import { ask, client } from "../../api.ts";
import { choicesOf, type Names } from "../../names.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { CheckField, ChoiceField, Form, LinesField, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { CURRENCIES, ZONES } from "./choices.ts";
import { readCampaignInput, readCampaignPatch, settingsOf } from "./drafts.ts";

/** The form of a new campaign. Terms come next, on its own page. */
export function NewCampaign(props: {
  names: Names;
  zone: string;
  done: (campaign: Campaign) => void;
  leave: () => void;
}) {
  const { names, zone, done, leave } = props;
  const form = useForm({
    read: readCampaignInput,
    send: (body: CampaignInput) => ask(client.campaigns.$post, { json: body }),
    done,
  });
  if (names.advertisers.length === 0) {
    return (
      <Panel title="Make a campaign">
        <p class="note">
          Somebody must pay for its calls. <a href="/advertisers?do=new">Add an advertiser first</a>.
        </p>
      </Panel>
    );
  }
  return (
    <Panel title="Make a campaign" lead="Who is called, and in which money. What a call is worth comes next.">
      <Form form={form} act="Make the campaign" onLeave={leave}>
        <TextField name="name" label="Name" placeholder="Emergency plumbing" />
        <ChoiceField
          name="advertiser_id"
          label="Advertiser"
          choices={choicesOf(names.advertisers)}
          value={names.advertisers[0]?.id}
        />
        <TextField
          name="destination_number"
          label="Calls go to"
          placeholder="+1 415 555 0199"
          hint="A phone number with + and country code, or a sip: address."
        />
        <ChoiceField
          name="timezone"
          label="Time zone"
          choices={ZONES}
          value={zone}
          hint="Of its hours, days and caps."
        />
        <ChoiceField
          name="currency"
          label="Currency"
          choices={CURRENCIES}
          value="USD"
          hint="It cannot be changed later."
        />
      </Form>
    </Panel>
  );
}

/** The form of a campaign's settings. They can be put back, so nothing is asked. */
export function CampaignSettings(props: { campaign: Campaign; done: () => void; leave: () => void }) {
  const { campaign, done, leave } = props;
  const save = (patch: CampaignPatch) =>
    ask(client.campaigns[":id"].$patch, { param: { id: campaign.id }, json: patch });
  const form = useForm({
    read: readCampaignPatch,
    send: save,
    done: () => {
      done();
      offerUndo("Settings saved, for calls from now on.", () => save(settingsOf(campaign)), done);
    },
  });
  return (
    <Panel
      title="Settings of this campaign"
      lead="For calls from now on. A call that was judged keeps the floor it was judged by."
    >
      <Form form={form} act="Save the settings" onLeave={leave}>
        <TextField name="name" label="Name" value={campaign.name} />
        <TextField name="destination_number" label="Calls go to" value={campaign.destination_number} />
        <ChoiceField
          name="overflow"
          label="When it is closed or full"
          none="decide by the terms"
          value={campaign.overflow}
          choices={[
            { value: "destination", label: "send the call there all the same" },
            { value: "message", label: "play a message" },
            { value: "voicemail", label: "take a message" },
          ]}
          hint="By the terms: a message where hours, regions or a cap are set."
        />
        <TextField
          name="attribution_floor"
          label="Attribution floor"
          numeric
          value={String(campaign.attribution_floor)}
          hint="How probable a publisher must be to be paid, above 0.5."
        />
        <ChoiceField
          name="uncertain_payout"
          label="Under the floor"
          value={campaign.uncertain_payout}
          choices={[
            { value: "withhold", label: "pay no publisher" },
            { value: "split", label: "split by probability" },
          ]}
        />
        <CheckField
          name="bill_own_traffic"
          label="Bill calls that no publisher brought"
          checked={campaign.bill_own_traffic}
          hint="The advertiser then pays for calls from its own pages and printed numbers too."
        />
        <LinesField
          name="test_callers"
          label="Test callers"
          optional
          value={campaign.test_callers?.join("\n")}
          hint="One a line. Their calls connect, and are never billed, counted or learned from."
        />
      </Form>
    </Panel>
  );
}
