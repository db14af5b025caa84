import type { GroupInput } from "../../../../shared/api/routing.ts";
import type { Target } from "../../../../shared/api/targets.ts";
import { ask, client } from "../../../api.ts";
import { ChoiceField, Form, TextField } from "../../../parts/form/fields.tsx";
import { useForm } from "../../../parts/form/use-form.ts";
import { Panel } from "../../../parts/manage/panel.tsx";
import { toast } from "../../../parts/toast.tsx";
import { readPause } from "../drafts.ts";
import { readGroup } from "./drafts.ts";
import { CapFields } from "./target-form.tsx";
import { targetName } from "./words.ts";

/** Why a target is paused, and perhaps until when. Resuming undoes it. */
export function PauseTarget(props: { target: Target; zone: string; done: () => void; leave: () => void }) {
  const { target, zone, done, leave } = props;
  const param = { id: target.id };
  const form = useForm({
    read: (values) => readPause(values, zone),
    send: (json: { reason: string; resume_at?: number }) =>
      ask(client.targets[":id"].pause.$post, { param, json }),
    done: () => {
      done();
      toast(`${targetName(target)} is paused: no call that starts from now on is sent there.`, {
        label: "Undo",
        run: () => {
          ask(client.targets[":id"].resume.$post, { param, json: {} }).then(done, (error: unknown) =>
            toast(String(error)),
          );
        },
      });
    },
  });
  return (
    <Panel
      title={`Pause ${targetName(target)}`}
      lead="No call that starts 2 s after this is sent there; a call under way goes on."
    >
      <Form form={form} act="Pause 1 target" leave="Leave it open" onLeave={leave}>
        <TextField name="reason" label="Reason" placeholder="No agents" />
        <TextField name="resume_at" label="Resume at the start of" type="date" optional />
      </Form>
    </Panel>
  );
}

/** A new group of targets: how they ring, and the caps they share. */
export function GroupForm(props: { campaign_id: string; done: () => void; leave: () => void }) {
  const { campaign_id, done, leave } = props;
  const form = useForm({
    read: (values) => readGroup(values, campaign_id),
    send: (json: GroupInput) => ask(client["target-groups"].$post, { json }),
    done: ({ name }) => {
      done();
      toast(`${name} is made. Put targets into it by changing them.`);
    },
  });
  return (
    <Panel
      title="Add a group"
      lead="Targets that ring together or share caps. A call flow can ring it by name."
    >
      <Form form={form} act="Add 1 group" onLeave={leave}>
        <TextField name="name" label="Name" placeholder="Night crew" />
        <ChoiceField
          name="ringing"
          label="Its targets ring"
          choices={[
            { value: "sequential", label: "one after another" },
            { value: "simultaneous", label: "all at once" },
          ]}
          value="sequential"
        />
        <CapFields of={null} />
      </Form>
    </Panel>
  );
}
