import type { GroupInput } from "../../../../shared/api/routing.ts";
import { ask, client } from "../../../api.ts";
import { ChoiceField, Form, TextField } from "../../../parts/form/fields.tsx";
import { useForm } from "../../../parts/form/use-form.ts";
import { Panel } from "../../../parts/manage/panel.tsx";
import { toast } from "../../../parts/toast.tsx";
import { readGroup } from "./drafts.ts";
import { CapFields } from "./target-form.tsx";

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
