import type { Campaign } from "../../../shared/api/campaigns.ts";
import type { TrackingLink, TrackingLinkInput } from "../../../shared/api/tracking-links.ts";
import { ask, client } from "../../api.ts";
import { choicesOf } from "../../names.ts";
import { ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { SubFields } from "../numbers/add-numbers.tsx";
import { readLinkInput } from "./drafts.ts";

/** The form that makes a publisher's tracking link. */
export function LinkForm(props: {
  publisher_id: string;
  campaigns: readonly Campaign[];
  done: () => void;
  leave: () => void;
}) {
  const { publisher_id, campaigns, done, leave } = props;
  const form = useForm<TrackingLinkInput, TrackingLink>({
    read: (values) => readLinkInput(publisher_id, values),
    send: (body) => ask(client["tracking-links"].$post, { json: body }),
    done: () => {
      toast("The link works from now on; each click on it proves this publisher.");
      done();
    },
  });
  return (
    <Panel
      title="New tracking link"
      lead="A click on it proves this publisher for up to three visitors, for 30 days."
    >
      <Form form={form} act="Make this link" onLeave={leave}>
        <ChoiceField name="campaign_id" label="Campaign" choices={choicesOf(campaigns)} />
        <TextField
          name="landing_url"
          label="Landing page"
          placeholder="https://www.example.com/offer"
          hint="Not on another publisher's site."
          maxLength={2_048}
        />
        <SubFields />
      </Form>
    </Panel>
  );
}
