import type { Role } from "../../../shared/api/organizations.ts";
import type { NewUser, UserInput } from "../../../shared/api/users.ts";
import { ask, client } from "../../api.ts";
import { ChoiceField, Form, TextField } from "../form/fields.tsx";
import { type Draft, Reading, type Values } from "../form/reading.ts";
import { useForm } from "../form/use-form.ts";
import { Panel } from "../manage/panel.tsx";
import { ShownOnce } from "../manage/shown-once.tsx";
import { dayAndMinute } from "../manage/when.ts";
import { ROLE_WORDS } from "./roles.ts";

type Invited = { id: string; name: string };

/** Whom to let in, and as what. */
export function InviteForm(props: {
  organization: Invited;
  roles: readonly Role[];
  role: Role;
  done: (made: NewUser) => void;
  leave: () => void;
}) {
  const { organization, roles, role, done, leave } = props;
  const read = (values: Values): Draft<UserInput> => {
    const reading = new Reading(values);
    return reading.body({
      email: reading.required("email", "Whom to invite."),
      role: reading.choice("role", roles),
      organization_id: organization.id,
    });
  };
  const form = useForm({
    read,
    send: (body: UserInput) => ask(client.users.$post, { json: body }),
    done,
  });
  return (
    <Panel
      title={`Invite a person to ${organization.name}`}
      lead="You get a link and send it yourself: no mail is sent from here. An address that is invited again gets a new link, and the one before opens no more."
    >
      <Form form={form} act="Make the link" onLeave={leave}>
        <TextField name="email" label="Email" placeholder="pat@example.com" maxLength={254} />
        <ChoiceField
          name="role"
          label="Role"
          value={role}
          choices={roles.map((one) => ({ value: one, label: ROLE_WORDS[one] }))}
        />
      </Form>
    </Panel>
  );
}

/** The only time a link is shown: the server keeps a hash. */
export function LinkShownOnce({ made, zone, done }: { made: NewUser; zone: string; done: () => void }) {
  const until = made.expires_at === null ? "" : `, until ${dayAndMinute(made.expires_at, zone)},`;
  return (
    <ShownOnce
      title={`The link for ${made.email}`}
      lead={`Copy it now and send it to ${made.email} alone: it is kept as a hash, and nobody can show it again. It opens once${until}, for whoever signs in or signs up with this address.`}
      text={made.link}
      what="the link"
      done={done}
    />
  );
}
