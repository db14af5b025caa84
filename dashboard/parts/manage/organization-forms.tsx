import type { Organization } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { offerUndo } from "../form/act.ts";
import { Confirm } from "../form/confirm.tsx";
import { Form, TextField } from "../form/fields.tsx";
import { type Draft, Reading, type Values } from "../form/reading.ts";
import { useForm } from "../form/use-form.ts";
import { toast } from "../toast.tsx";
import { Panel } from "./panel.tsx";

/** The two kinds of organization that a network manages, and their paths. */
export type SideKind = "advertiser" | "publisher";

/** Their routes, which are alike. */
export const SIDES = { advertiser: client.advertisers, publisher: client.publishers } as const;

function readName(values: Values): Draft<{ name: string }> {
  const read = new Reading(values);
  return read.body({ name: read.required("name", "Give it a name.") });
}

/** The form of a new advertiser or publisher. */
export function NewOrganization(props: {
  kind: SideKind;
  done: (made: Organization) => void;
  leave: () => void;
}) {
  const { kind, done, leave } = props;
  const form = useForm({
    read: readName,
    send: (body: { name: string }) => ask(SIDES[kind].$post, { json: body }),
    done,
  });
  return (
    <Panel
      title={`Add ${kind === "advertiser" ? "an advertiser" : "a publisher"}`}
      lead={
        kind === "advertiser"
          ? "Who pays for the calls. Its campaigns come next."
          : "Who brings the callers. Enroll it in a campaign next, then give it a number, a site or both."
      }
    >
      <Form form={form} act={`Add the ${kind}`} onLeave={leave}>
        <TextField
          name="name"
          label="Name"
          placeholder={kind === "advertiser" ? "Harbor & Pine" : "Fernhill Media"}
        />
      </Form>
    </Panel>
  );
}

/** The form that renames one; undone by its toast. */
export function RenameOrganization(props: {
  kind: SideKind;
  organization: Organization;
  done: () => void;
  leave: () => void;
}) {
  const { kind, organization, done, leave } = props;
  const rename = (body: { name: string }) =>
    ask(SIDES[kind][":id"].$patch, { param: { id: organization.id }, json: body });
  const form = useForm({
    read: readName,
    send: rename,
    done: ({ name }) => {
      done();
      offerUndo(`It is called ${name} now.`, () => rename({ name: organization.name }), done);
    },
  });
  return (
    <Panel title={`Rename ${organization.name}`}>
      <Form form={form} act="Save the name" onLeave={leave}>
        <TextField name="name" label="Name" value={organization.name} />
      </Form>
    </Panel>
  );
}

/** Asks before one is taken out of use for good; refused while anything in use belongs to it. */
export function RetireOrganization(props: {
  kind: SideKind;
  organization: Organization;
  done: () => void;
  leave: () => void;
}) {
  const { kind, organization, done, leave } = props;
  return (
    <Confirm
      title={`Retire ${organization.name}?`}
      act={`Retire 1 ${kind}`}
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(SIDES[kind][":id"].$delete, { param: { id: organization.id } });
        toast(`${organization.name} is retired.`);
        done();
      }}
    >
      <p class="note">
        It cannot be taken back: its API keys are revoked at once, and its people see nothing any more. What
        was booked stays booked.
      </p>
    </Confirm>
  );
}
