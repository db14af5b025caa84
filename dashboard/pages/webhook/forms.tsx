import { useState } from "preact/hooks";
import { VERDICT_STATUSES } from "../../../shared/api/calls.ts";
import type {
  NewWebhook,
  ReplayInput,
  Webhook,
  WebhookInput,
  WebhookPatch,
} from "../../../shared/api/webhooks.ts";
import {
  POSTBACK_MACROS,
  WEBHOOK_EVENTS,
  WEBHOOK_LIMITS,
  WEBHOOK_METHODS,
} from "../../../shared/api/webhooks.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import type { Names } from "../../names.ts";
import { CheckField, ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { ShownOnce } from "../../parts/manage/shown-once.tsx";
import { WhoseField } from "../../parts/manage/whose-field.tsx";
import { toast } from "../../parts/toast.tsx";
import { useMe } from "../../session.ts";
import { firstSettings, REPLAY_HOURS, readReplay, readWebhookInput, readWebhookPatch } from "./drafts.ts";
import { MESSAGE_WORDS } from "./sentences.ts";

const METHOD_WORDS: Readonly<Record<Webhook["method"], string>> = {
  POST: "webhook, a signed message",
  GET: "postback, an address",
};

type Leaving<T> = { done: (answer: T) => void; leave: () => void };

type Set = Pick<Webhook, "method" | "events" | "statuses">;

/** Where messages go and which; the same when it is made and when it is changed. */
function Fields({ set, hook }: { set: Set; hook?: Webhook }) {
  const me = useMe();
  const isPostback = set.method === "GET";
  const events = WEBHOOK_EVENTS.filter((event) => !isPostback || event.startsWith("call."));
  const owed = me.organization.kind === "advertiser" ? "what you owe" : "the payout";
  return (
    <>
      <TextField
        name="url"
        label="Address"
        value={hook?.url}
        maxLength={WEBHOOK_LIMITS.url_length}
        wide
        placeholder={
          isPostback
            ? "https://tracker.your-company.com/postback?cid={sub1}&payout={payout}"
            : "https://crm.your-company.com/ringtrail"
        }
        hint={isPostback && <MacroHint />}
      />
      <TextField
        name="description"
        label="What it is for"
        value={hook?.description ?? ""}
        placeholder={isPostback ? "The tracker" : "The CRM"}
        optional
      />
      <ChoiceField
        name="statuses"
        label="A verdict is told"
        none="whenever it changes"
        value={set.statuses?.join()}
        choices={VERDICT_STATUSES.map((status) => ({ value: status, label: `when ${owed} is ${status}` }))}
      />
      {events.map((event) => (
        <CheckField
          key={event}
          name={`events/${event}`}
          label={
            <>
              {MESSAGE_WORDS[event]} <code>{event}</code>
            </>
          }
          checked={set.events.includes(event)}
        />
      ))}
    </>
  );
}

/** A few of what an address may hold; the page tells the rest. */
function MacroHint() {
  const some = ["sub1", "payout", "status", "call_id", "caller", "duration_s", "click_ids.gclid"];
  return (
    <>
      Filled in: {some.map((name) => `{${name}}`).join(" ")} and {POSTBACK_MACROS.length - 6} more.
    </>
  );
}

export function AddWebhook({ names, done, leave }: Leaving<NewWebhook> & { names: Names }) {
  const form = useForm({
    read: readWebhookInput,
    send: (body: WebhookInput) => ask(client.webhooks.$post, { json: body }),
    done,
  });
  const [method, setMethod] = useState<Webhook["method"]>("POST");
  return (
    <Panel
      title="Add a webhook"
      lead="Its server is told whenever one of these things happens, with what its organization may see."
    >
      <Form form={form} act="Add the webhook" onLeave={leave}>
        <ChoiceField
          name="method"
          label="How it is told"
          value={method}
          choices={WEBHOOK_METHODS.map((value) => ({ value, label: METHOD_WORDS[value] }))}
          onChange={(value) => setMethod(value === "GET" ? "GET" : "POST")}
        />
        <Fields key={method} set={{ method, ...firstSettings(method) }} />
        <WhoseField names={names} hint="Its messages then show what that organization sees." />
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
        <Fields set={hook} hook={hook} />
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

export function SecretShownOnce({ secret, done }: { secret: string; done: () => void }) {
  return (
    <ShownOnce
      title="The webhook’s secret"
      lead="Its server checks by it that a message comes from here. Copy it now: nobody can show it again."
      text={secret}
      what="the secret"
      done={done}
    />
  );
}
