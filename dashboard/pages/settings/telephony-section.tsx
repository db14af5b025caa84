import { useState } from "preact/hooks";
import { PROVIDERS } from "../../../shared/api/inventory.ts";
import type {
  TelephonyAccount,
  TelephonyAccountInput,
  TelephonyAccountPatch,
} from "../../../shared/api/telephony-accounts.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Confirm } from "../../parts/form/confirm.tsx";
import { ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import type { Doing } from "../../parts/form/use-do.ts";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { toast } from "../../parts/toast.tsx";
import { readAccountInput, readNextSecret, readOnlySecret } from "./drafts.ts";
import { ProviderApi } from "./provider-api.tsx";

const PROVIDER_NAMES: Readonly<Record<(typeof PROVIDERS)[number], string>> = {
  twilio: "Twilio",
  telnyx: "Telnyx",
  signalwire: "SignalWire",
  plivo: "Plivo",
  sandbox: "Sandbox, local only",
};

/** Accounts at phone providers: where their webhooks must go, whether they come well signed, and a new secret. */
export function TelephonySection({ zone, doing }: { zone: string; doing: Doing }) {
  const accounts = useWhole(LISTS.accounts);
  const again = () => {
    if (doing.what !== null) doing.close();
    accounts.retry();
  };
  return (
    <Section
      id="telephony"
      title="Phone providers"
      aside="their numbers ring here"
      tools={
        doing.what !== "account" && (
          <button class="btn" type="button" onClick={() => doing.open("account")}>
            Connect an account
          </button>
        )
      }
    >
      {doing.what === "account" && <AccountForm done={again} leave={doing.close} />}
      <Loaded
        of={accounts}
        what="The accounts"
        zone={zone}
        skeleton={<TableSkeleton caption="Accounts" columns={["Account", "Webhook"]} rows={3} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">None: numbers belong to an account, so connect one before adding numbers.</p>
          ) : (
            data.map((account) => (
              <Account key={account.id} account={account} zone={zone} again={accounts.retry} />
            ))
          )
        }
      </Loaded>
    </Section>
  );
}

function Account(props: { account: TelephonyAccount; zone: string; again: () => void }) {
  const { account, zone, again } = props;
  const [doing, setDoing] = useState<"rotate" | "finish" | "retire" | null>(null);
  const close = () => setDoing(null);
  const done = () => {
    close();
    again();
  };
  const urls = [
    ["Voice", account.webhook_urls.voice],
    ["Call status", account.webhook_urls.status],
    ["Recording", account.webhook_urls.recording],
  ] as const;
  return (
    <article class="account">
      <div class="sec-head">
        <h3>{account.name}</h3>
        <p>
          {PROVIDER_NAMES[account.provider]}, <span class="mono">{account.account_sid}</span>
        </p>
        <div class="tools">
          {account.has_next_auth_token ? (
            <button class="btn" type="button" onClick={() => setDoing("finish")}>
              End the rotation
            </button>
          ) : (
            <button class="btn" type="button" onClick={() => setDoing("rotate")}>
              Rotate the secret
            </button>
          )}
          <button class="btn bare" type="button" onClick={() => setDoing("retire")}>
            Retire…
          </button>
        </div>
      </div>
      <p class="note">{standing(account)}</p>
      {account.provider !== "sandbox" && <ProviderApi account={account} zone={zone} />}
      {(doing === "rotate" || doing === "finish") && (
        <SecretForm key={doing} account={account} way={doing} done={done} leave={close} />
      )}
      {doing === "retire" && <RetireAccount account={account} done={done} leave={close} />}
      <dl class="facts urls">
        {urls.map(([label, url]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{url}</code>
              <CopyButton text={url} what={`the ${label.toLowerCase()} webhook`} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

/** How the account's webhooks came today, in a sentence. */
export function standing({
  refused_today,
  has_next_auth_token,
}: Pick<TelephonyAccount, "refused_today" | "has_next_auth_token">): string {
  const rotating = has_next_auth_token
    ? " A rotation is under way: the old secret and the new one are both accepted."
    : "";
  if (refused_today === 0) return `No webhook was refused today.${rotating}`;
  const hooks = counted(refused_today, "webhook");
  return `${hooks} ${refused_today === 1 ? "was" : "were"} refused today: badly signed, so the calls went on unrecorded. Check the secret.${rotating}`;
}

function AccountForm({ done, leave }: { done: () => void; leave: () => void }) {
  const form = useForm({
    read: readAccountInput,
    send: (body: TelephonyAccountInput) => ask(client["telephony-accounts"].$post, { json: body }),
    done: ({ name }) => {
      toast(`${name} is connected. Set its webhooks next.`);
      done();
    },
  });
  return (
    <Panel
      title="Connect an account"
      lead="The secret checks that webhooks come from the provider. It is kept sealed and never shown."
    >
      <Form form={form} act="Connect the account" onLeave={leave}>
        <ChoiceField
          name="provider"
          label="Provider"
          choices={PROVIDERS.map((value) => ({ value, label: PROVIDER_NAMES[value] }))}
        />
        <TextField name="name" label="Name" placeholder="Twilio west" />
        <TextField name="account_sid" label="Account SID or id" maxLength={200} />
        <TextField
          name="auth_token"
          label="Auth token"
          type="password"
          maxLength={500}
          hint="Telnyx: its public key. SignalWire: the signing key."
        />
      </Form>
    </Panel>
  );
}

/** A rotation in two steps: accept the new secret beside the old one, then drop the old one. */
function SecretForm(props: {
  account: TelephonyAccount;
  way: "rotate" | "finish";
  done: () => void;
  leave: () => void;
}) {
  const { account, way, done, leave } = props;
  const isFirst = way === "rotate";
  const form = useForm({
    read: isFirst ? readNextSecret : readOnlySecret,
    send: (body: TelephonyAccountPatch) =>
      ask(client["telephony-accounts"][":id"].$patch, { param: { id: account.id }, json: body }),
    done: () => {
      toast(isFirst ? "Both secrets are accepted now." : "Only the new secret is accepted now.");
      done();
    },
  });
  return (
    <Panel
      title={isFirst ? `Rotate the secret of ${account.name}` : `End the rotation of ${account.name}`}
      lead={
        isFirst
          ? "First this: the new secret is accepted beside the old one. Then change it at the provider, then end the rotation."
          : "When the provider signs with the new secret: type it once more, and the old one is refused."
      }
    >
      <Form form={form} act={isFirst ? "Accept both secrets" : "Accept only the new one"} onLeave={leave}>
        <TextField
          name={isFirst ? "next_auth_token" : "auth_token"}
          label="New secret"
          type="password"
          maxLength={500}
        />
      </Form>
    </Panel>
  );
}

function RetireAccount({
  account,
  done,
  leave,
}: {
  account: TelephonyAccount;
  done: () => void;
  leave: () => void;
}) {
  return (
    <Confirm
      title={`Retire ${account.name}?`}
      act="Retire 1 account"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client["telephony-accounts"][":id"].$delete, { param: { id: account.id } });
        toast(`${account.name} is retired.`);
        done();
      }}
    >
      <p class="note">
        It cannot be taken back: its webhooks are refused from now on. Its numbers must be retired first.
      </p>
    </Confirm>
  );
}
