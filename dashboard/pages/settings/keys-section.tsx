import { useState } from "preact/hooks";
import type { ApiKey, ApiKeyInput, NewApiKey } from "../../../shared/api/api-keys.ts";
import { ask, client } from "../../api.ts";
import { span } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import type { Doing } from "../../parts/form/use-do.ts";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { ShownOnce } from "../../parts/manage/shown-once.tsx";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { WhoseField, whoseColumn } from "../../parts/manage/whose-field.tsx";
import { Section } from "../../parts/page.tsx";
import { ROLE_WORDS, rolesToGive } from "../../parts/people/roles.ts";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { useMe } from "../../session.ts";
import { readApiKeyInput } from "./drafts.ts";

/** The organization's API keys: made, shown once, revoked at once. */
export function KeysSection({ names, zone, doing }: { names: Names; zone: string; doing: Doing }) {
  const keys = useWhole(LISTS.keys);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Section
      id="keys"
      title="API keys"
      aside={
        <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          what they open, as OpenAPI
        </a>
      }
      tools={
        doing.what !== "key" && (
          <button class="btn" type="button" onClick={() => doing.open("key")}>
            Make a key
          </button>
        )
      }
    >
      {made && (
        <ShownOnce
          title={`The key “${made.name}”`}
          lead="Copy it now: it is kept as a hash, and nobody can show it again."
          text={made.key}
          what="the key"
          done={() => setMade(null)}
        />
      )}
      {doing.what === "key" && (
        <KeyForm
          names={names}
          leave={doing.close}
          done={(key) => {
            doing.close();
            setMade(key);
            keys.retry();
          }}
        />
      )}
      <Loaded
        of={keys}
        what="The keys"
        zone={zone}
        skeleton={
          <TableSkeleton caption="API keys" columns={["Name", "Role", "Begins with", "Last used"]} rows={2} />
        }
      >
        {({ data }) => {
          const live = data.filter(({ revoked_at }) => revoked_at === null);
          return live.length === 0 ? (
            <p class="note">None: scripts and servers cannot ask anything.</p>
          ) : (
            <Table
              caption="API keys"
              columns={columnsOf(names, zone, setRevoking)}
              rows={live}
              rowKey={({ id }) => id}
              keys={false}
            />
          );
        }}
      </Loaded>
      {revoking && <RevokeKey apiKey={revoking} leave={() => setRevoking(null)} done={keys.retry} />}
    </Section>
  );
}

function RevokeKey({ apiKey, done, leave }: { apiKey: ApiKey; done: () => void; leave: () => void }) {
  return (
    <Confirm
      title={`Revoke “${apiKey.name}”?`}
      act="Revoke 1 key"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client["api-keys"][":id"].$delete, { param: { id: apiKey.id } });
        toast(`“${apiKey.name}” is revoked.`);
        done();
      }}
    >
      <p class="note">At once, and for good: whatever still uses it is refused with its next request.</p>
    </Confirm>
  );
}

function KeyForm({
  names,
  done,
  leave,
}: {
  names: Names;
  done: (key: NewApiKey) => void;
  leave: () => void;
}) {
  const me = useMe();
  const form = useForm({
    read: readApiKeyInput,
    send: (body: ApiKeyInput) => ask(client["api-keys"].$post, { json: body }),
    done,
  });
  const roles = rolesToGive(me, me.organization.id);
  return (
    <Panel
      title="Make an API key"
      lead="For a script or a server. It may do what its role may, for one organization."
    >
      <Form form={form} act="Make the key" onLeave={leave}>
        <TextField name="name" label="What it is for" placeholder="Nightly export" />
        <ChoiceField
          name="role"
          label="Role"
          value="analyst"
          choices={roles.map((role) => ({ value: role, label: ROLE_WORDS[role] }))}
        />
        <WhoseField names={names} hint="It then sees only what that organization sees." />
      </Form>
    </Panel>
  );
}

function columnsOf(names: Names, zone: string, revoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    { id: "name", label: "Name", cell: ({ name }) => name },
    { id: "role", label: "Role", fold: 1, cell: ({ role }) => role },
    ...whoseColumn<ApiKey>(names, 2),
    { id: "prefix", label: "Begins with", fold: 2, cell: ({ prefix }) => <code>{prefix}…</code> },
    {
      id: "made",
      label: "Made",
      fold: 3,
      words: null,
      class: "soft nowrap",
      cell: ({ created_at }) => dayAndMinute(created_at, zone),
    },
    {
      id: "used",
      label: "Last used",
      numeric: true,
      class: "soft",
      cell: ({ last_used_at }) =>
        last_used_at === null ? "never" : `${span(Date.now() - last_used_at)} ago`,
    },
    {
      id: "revoke",
      label: "Change",
      numeric: true,
      class: "acts-cell",
      cell: (key) => (
        <button class="link" type="button" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
          Revoke…
        </button>
      ),
    },
  ];
}
