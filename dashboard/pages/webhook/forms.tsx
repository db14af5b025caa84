import type {
  NewWebhook,
  ReplayInput,
  Webhook,
  WebhookInput,
  WebhookPatch,
} from "../../../shared/api/webhooks.ts";
import { WEBHOOK_EVENTS } from "../../../shared/api/webhooks.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import type { Names } from "../../names.ts";
import { Code } from "../../parts/copy.tsx";
import { CheckField, ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { useMe } from "../../session.ts";
import { REPLAY_HOURS, readReplay, readWebhookInput, readWebhookPatch } from "./drafts.ts";
import { MESSAGE_WORDS } from "./sentences.ts";

type Leaving<T> = { done: (answer: T) => void; leave: () => void };

/** Where messages go and which; the same when it is made and when it is changed. */
function Fields({ hook }: { hook?: Webhook }) {
  return (
    <>
      <TextField
        name="url"
        label="Address"
        value={hook?.url}
        maxLength={2_048}
        wide
        placeholder="https://crm.your-company.com/ringtrail"
      />
      <TextField
        name="description"
        label="What it is for"
        value={hook?.description ?? ""}
        placeholder="The CRM"
        optional
      />
      {WEBHOOK_EVENTS.map((event) => (
        <CheckField
          key={event}
          name={`events/${event}`}
          label={
            <>
              {MESSAGE_WORDS[event]} <code>{event}</code>
            </>
          }
          checked={hook?.events.includes(event) ?? true}
        />
      ))}
    </>
  );
}

export function AddWebhook({ names, done, leave }: Leaving<NewWebhook> & { names: Names }) {
  const me = useMe();
  const form = useForm({
    read: readWebhookInput,
    send: (body: WebhookInput) => ask(client.webhooks.$post, { json: body }),
    done,
  });
  const sides = [...names.advertisers, ...names.publishers];
  return (
    <Panel
      title="Add a webhook"
      lead="Its server gets a signed message whenever one of these things happens, with what its organization may see."
    >
      <Form form={form} act="Add the webhook" onLeave={leave}>
        <Fields />
        {sides.length > 0 && (
          <ChoiceField
            name="organization_id"
            label="Whose"
            none={me.organization.name}
            choices={sides.map(({ id, name, kind }) => ({ value: id, label: `${name}, ${kind}` }))}
            hint="Its messages then show what that organization sees."
          />
        )}
      </Form>
    </Panel>
  );
}

export function ChangeWebhook({ hook, done, leave }: Leaving<Webhook> & { hook: Webhook }) {
  const form = useForm({
    read: readWebhookPatch,
    send: (body: WebhookPatch) => ask(client.webhooks[":id"].$patch, { param: { id: hook.id }, json: body }),
    done: (changed) => {
      toast("The webhook is changed.");
      done(changed);
    },
  });
  return (
    <Panel title="Change the webhook">
      <Form form={form} act="Change it" onLeave={leave}>
        <Fields hook={hook} />
      </Form>
    </Panel>
  );
}

const HOUR_WORDS: Readonly<Record<(typeof REPLAY_HOURS)[number], string>> = {
  "1": "last hour",
  "24": "last 24 hours",
  "72": "last 3 days",
  "168": "last 7 days",
  "720": "last 30 days",
};

export function SendRange({ hook, done, leave }: Leaving<unknown> & { hook: Webhook }) {
  const form = useForm({
    read: readReplay(Date.now()),
    send: (body: ReplayInput) =>
      ask(client.webhooks[":id"].replay.$post, { param: { id: hook.id }, json: body }),
    done: (answer) => {
      toast(`${counted(answer.deliveries, "message")} will be sent again, by the minute.`);
      done(answer);
    },
  });
  return (
    <Panel
      title="Send a range again"
      lead="Each message under its own id and with the words it had, so a server that keeps to ids takes nothing twice. At most 1,000."
    >
      <Form form={form} act="Send them again" onLeave={leave}>
        <ChoiceField
          name="hours"
          label="What happened in the"
          value="24"
          choices={REPLAY_HOURS.map((hours) => ({ value: hours, label: HOUR_WORDS[hours] }))}
        />
        <ChoiceField
          name="status"
          label="Messages"
          value="failed"
          choices={[
            { value: "failed", label: "that did not arrive" },
            { value: "all", label: "all, also those that arrived" },
          ]}
        />
      </Form>
    </Panel>
  );
}

/** The only time a secret is shown: when it was made. */
export function SecretShownOnce({ secret, done }: { secret: string; done: () => void }) {
  return (
    <Panel
      title="The webhook’s secret"
      lead="Its server checks by it that a message comes from here. Copy it now: nobody can show it again."
    >
      <Code text={secret} what="the secret" />
      <div>
        <button class="btn main" type="button" onClick={done}>
          I have copied it
        </button>
      </div>
    </Panel>
  );
}
