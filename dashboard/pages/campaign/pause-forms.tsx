import type { Campaign } from "../../../shared/api/campaigns.ts";
import type { Target } from "../../../shared/api/targets.ts";
import { ask, client } from "../../api.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { readPause } from "./drafts.ts";
import { targetName } from "./targets/words.ts";

type Pause = { reason: string; resume_at?: number };
type Asked = { done: () => void; leave: () => void };

/** Why a campaign is paused, and perhaps until when. Resuming undoes it. */
export function PauseCampaign({ campaign, ...asked }: Asked & { campaign: Campaign }) {
  const param = { id: campaign.id };
  return (
    <PauseForm
      {...asked}
      title="Pause this campaign"
      lead="No call that starts 2 s after this is sent to it; calls under way go on."
      act="Pause 1 campaign"
      example="Holiday"
      zone={campaign.timezone}
      said="Paused. No call that starts from now on is sent there."
      pause={(json) => ask(client.campaigns[":id"].pause.$post, { param, json })}
      resume={() => ask(client.campaigns[":id"].resume.$post, { param, json: {} })}
    />
  );
}

/** Why a target is paused, and perhaps until when. Resuming undoes it. */
export function PauseTarget({ target, zone, ...asked }: Asked & { target: Target; zone: string }) {
  const param = { id: target.id };
  return (
    <PauseForm
      {...asked}
      title={`Pause ${targetName(target)}`}
      lead="No call that starts 2 s after this is sent there; a call under way goes on."
      act="Pause 1 target"
      example="No agents"
      zone={zone}
      said={`${targetName(target)} is paused: no call that starts from now on is sent there.`}
      pause={(json) => ask(client.targets[":id"].pause.$post, { param, json })}
      resume={() => ask(client.targets[":id"].resume.$post, { param, json: {} })}
    />
  );
}

type Paused = Asked & {
  title: string;
  lead: string;
  /** The main button. */
  act: string;
  /** A reason that somebody might have. */
  example: string;
  /** In which the day begins on which it is resumed. */
  zone: string;
  /** What the toast says of it. */
  said: string;
  pause: (body: Pause) => Promise<unknown>;
  resume: () => Promise<unknown>;
};

function PauseForm(props: Paused) {
  const { title, lead, act, example, zone, said, pause, resume, done, leave } = props;
  const form = useForm({
    read: (values) => readPause(values, zone),
    send: pause,
    done: () => {
      done();
      offerUndo(said, resume, done);
    },
  });
  return (
    <Panel title={title} lead={lead}>
      <Form form={form} act={act} leave="Leave it open" onLeave={leave}>
        <TextField name="reason" label="Reason" placeholder={example} />
        <TextField name="resume_at" label="Resume at the start of" type="date" optional />
      </Form>
    </Panel>
  );
}
