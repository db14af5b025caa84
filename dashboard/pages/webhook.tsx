import { useState } from "preact/hooks";
import type { Webhook } from "../../shared/api/webhooks.ts";
import { ask, client } from "../api.ts";
import { useNow } from "../clock.ts";
import { mayAdminister } from "../may.ts";
import { useNames } from "../names.ts";
import { useAct } from "../parts/form/act.ts";
import { Confirm } from "../parts/form/confirm.tsx";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { RetireLink } from "../parts/manage/retire-link.tsx";
import { dayAndMinute } from "../parts/manage/when.ts";
import { Page, Section } from "../parts/page.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { toast } from "../parts/toast.tsx";
import { useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { ChangeWebhook, SecretShownOnce, SendRange } from "./webhook/forms.tsx";
import { Messages } from "./webhook/messages.tsx";
import { eventsOf, pulseOf } from "./webhook/sentences.ts";

const EVERY_S = 5;

/** One webhook: does its server take what it is sent, what was sent, and what to do when it does not. */
export default function WebhookPage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const zone = me.network.timezone;
  const now = useNow(1_000);
  const [beat, setBeat] = useState(0);
  const [secret, setSecret] = useState<string | null>(null);
  const hook = useResource(
    `webhook ${id}`,
    (signal) => ask(client.webhooks[":id"].$get, { param: { id } }, signal),
    { every_s: EVERY_S },
  );
  const again = () => {
    hook.retry();
    setBeat((count) => count + 1);
  };
  const closed = () => {
    doing.close();
    again();
  };
  const gone = hook.problem?.status === 404;
  const live = hook.data?.retired_at === null && mayAdminister(me) ? hook.data : null;
  return (
    <Page
      title={hook.data ? hostOf(hook.data) : gone ? "No such webhook" : "Webhook"}
      crumb={<a href="/settings">Settings</a>}
      tools={live && <Tools hook={live} doing={doing} again={again} />}
    >
      {gone ? (
        <p class="note">
          It does not exist, or it belongs to somebody else. Go to <a href="/settings">the settings</a>.
        </p>
      ) : (
        <Fault what="The webhook" of={hook} zone={zone} />
      )}
      {hook.data ? (
        <>
          <p class="lead opening">{pulseOf(hook.data, now, zone)}</p>
          {secret !== null && <SecretShownOnce secret={secret} done={() => setSecret(null)} />}
          {live && doing.what === "change" && <ChangeWebhook hook={live} done={closed} leave={doing.close} />}
          {live && doing.what === "range" && <SendRange hook={live} done={closed} leave={doing.close} />}
          {live && doing.what === "rotate" && (
            <RotateSecret hook={live} leave={doing.close} done={setSecret} after={again} />
          )}
          {live && doing.what === "retire" && (
            <RetireWebhook hook={live} leave={doing.close} done={() => url.go("/settings")} />
          )}
          <Messages hook={hook.data} zone={zone} now={now} beat={beat} live={live !== null} again={again} />
          <Facts hook={hook.data} zone={zone} rotate={live && (() => doing.open("rotate"))} />
          {live && <RetireLink what="webhook" doing={doing} />}
        </>
      ) : (
        hook.slow && <Skeleton height="6rem" />
      )}
    </Page>
  );
}

const hostOf = ({ url }: Webhook) => new URL(url).host;

function Tools({ hook, doing, again }: { hook: Webhook; doing: Doing; again: () => void }) {
  const { busy, act } = useAct(again);
  const param = { id: hook.id };
  const isOn = hook.status === "enabled";
  const turn = (status: Webhook["status"]) => ask(client.webhooks[":id"].$patch, { param, json: { status } });
  return (
    <>
      <button class="btn" type="button" onClick={() => doing.open("change")}>
        Change
      </button>
      <button
        class="btn"
        type="button"
        disabled={busy}
        onClick={() =>
          act(async () => {
            await turn(isOn ? "disabled" : "enabled");
            return {
              said: isOn ? "It is off." : "It is on.",
              undo: () => turn(hook.status),
            };
          })
        }
      >
        {isOn ? "Switch off" : "Switch on"}
      </button>
      <button
        class="btn main"
        type="button"
        disabled={busy}
        onClick={() =>
          act(async () => {
            const { status, attempts } = await ask(client.webhooks[":id"].test.$post, { param });
            const last = attempts.at(-1);
            return {
              said:
                status === "delivered"
                  ? `The test arrived: ${last?.http_status}.`
                  : `The test did not arrive: ${last?.fault ?? "it is on its way"}.`,
            };
          })
        }
      >
        Send a test
      </button>
    </>
  );
}

function Facts({ hook, zone, rotate }: { hook: Webhook; zone: string; rotate: (() => void) | null }) {
  const me = useMe();
  const names = useNames();
  const isOwn = hook.organization_id === me.organization.id;
  return (
    <Section id="set" title="Set to">
      <dl class="facts">
        <dt>Address</dt>
        <dd class="mono">{hook.url}</dd>
        {hook.description && (
          <>
            <dt>For</dt>
            <dd>{hook.description}</dd>
          </>
        )}
        <dt>Told of</dt>
        <dd>{eventsOf(hook)}</dd>
        {!isOwn && (
          <>
            <dt>Sees what</dt>
            <dd>{names.of(hook.organization_id)} sees</dd>
          </>
        )}
        <dt>{hook.method === "GET" ? "Postback" : "Secret"}</dt>
        <dd>
          {hook.method === "GET" ? "asked for as it stands, unsigned" : "kept sealed"}
          {rotate && hook.method === "POST" && (
            <>
              {" "}
              <button class="link" type="button" onClick={rotate}>
                Make another…
              </button>
            </>
          )}
        </dd>
        <dt>Added</dt>
        <dd>{dayAndMinute(hook.created_at, zone)}</dd>
      </dl>
    </Section>
  );
}

function RotateSecret(props: {
  hook: Webhook;
  leave: () => void;
  done: (secret: string) => void;
  after: () => void;
}) {
  const { hook, leave, done, after } = props;
  return (
    <Confirm
      title="Make another secret?"
      act="Make another secret"
      keep="Keep this one"
      onClose={leave}
      run={async () => {
        const made = await ask(client.webhooks[":id"]["rotate-secret"].$post, { param: { id: hook.id } });
        done(made.secret);
        after();
      }}
    >
      <p class="note">
        It is shown once. For 24 hours messages are signed with both, so give it to your server by then.
      </p>
    </Confirm>
  );
}

function RetireWebhook({ hook, leave, done }: { hook: Webhook; leave: () => void; done: () => void }) {
  return (
    <Confirm
      title={`Retire the webhook to ${hostOf(hook)}?`}
      act="Retire 1 webhook"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client.webhooks[":id"].$delete, { param: { id: hook.id } });
        toast("The webhook is retired.");
        done();
      }}
    >
      <p class="note">It cannot be taken back: nothing more is sent, and what waits is given up.</p>
    </Confirm>
  );
}
