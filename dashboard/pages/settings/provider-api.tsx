import { useState } from "preact/hooks";
import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import type { TelephonyApi, TelephonyApiPatch } from "../../../shared/api/telephony-apis.ts";
import { ask, client } from "../../api.ts";
import { counted, time } from "../../format.ts";
import { choicesOf, type Names, useNames } from "../../names.ts";
import { CheckField, ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Fault } from "../../parts/states.tsx";
import { toast } from "../../parts/toast.tsx";
import { useResource } from "../../query.ts";
import { readTelephonyApi } from "./drafts.ts";

/** Providers whose API opens with a token of its own rather than with the secret that signs webhooks. */
const OWN_TOKEN: ReadonlySet<TelephonyAccount["provider"]> = new Set(["telnyx", "signalwire"]);

/** How an account's provider is asked: what is missing for it, how its records were read last, and the settings. */
export function ProviderApi({ account, zone }: { account: TelephonyAccount; zone: string }) {
  const { id } = account;
  const [open, setOpen] = useState(false);
  const api = useResource(`telephony api ${id}`, (signal) =>
    ask(client["telephony-accounts"][":id"].api.$get, { param: { id } }, signal),
  );
  if (api.data === null) return <Fault what="The provider's API" of={api} zone={zone} />;
  if (open) {
    const done = () => {
      setOpen(false);
      api.retry();
    };
    return <ApiForm account={account} api={api.data} done={done} leave={() => setOpen(false)} />;
  }
  return (
    <p class="note">
      {apiStanding(api.data, zone)}{" "}
      <button class="link" type="button" onClick={() => setOpen(true)}>
        API settings
      </button>
    </p>
  );
}

/** Whether the provider can be asked, and what came of it, in a sentence or two. */
export function apiStanding({ can_be_asked, has_api_token, sweep }: TelephonyApi, zone: string): string {
  if (!can_be_asked) {
    const missing = has_api_token ? "the space" : "an API token";
    return `The provider cannot be asked without ${missing}: lost calls are not read back, and numbers not bought here.`;
  }
  if (sweep === null || sweep.swept_at === null) return "The provider's records have not been read yet.";
  const at = time(sweep.swept_at, zone);
  if (sweep.failure !== null) {
    return `The provider's records could not be read at ${at}, ${counted(sweep.failures, "time")} in a row: ${sweep.failure}.`;
  }
  const found = sweep.imported === 0 ? "no call" : counted(sweep.imported, "call");
  return `The provider's records were read at ${at}: ${found} that no webhook had told of so far.`;
}

function ApiForm(props: {
  account: TelephonyAccount;
  api: TelephonyApi;
  done: () => void;
  leave: () => void;
}) {
  const { account, api, done, leave } = props;
  const { id, name, provider } = account;
  const names = useNames();
  const form = useForm({
    read: readTelephonyApi,
    send: (json: TelephonyApiPatch) =>
      ask(client["telephony-accounts"][":id"].api.$patch, { param: { id }, json }),
    done: () => {
      toast(`The API settings of ${name} are saved.`);
      done();
    },
  });
  return (
    <Panel
      title={`The API of ${name}`}
      lead="By it lost calls are read back, numbers are bought, and recordings begin once both were told."
    >
      <Form form={form} act="Save the API settings" onLeave={leave}>
        {OWN_TOKEN.has(provider) && (
          <TextField
            name="api_token"
            label="API token"
            type="password"
            maxLength={500}
            optional={api.has_api_token}
            hint={
              api.has_api_token
                ? "It is kept sealed. Leave this empty to keep it."
                : "Kept sealed and never shown."
            }
          />
        )}
        {provider === "signalwire" && (
          <TextField
            name="api_space"
            label="Space"
            value={api.api_space ?? ""}
            placeholder="example.signalwire.com"
          />
        )}
        <TextField
          name="fallback_url"
          label="Fallback"
          optional
          maxLength={500}
          value={api.fallback_url ?? ""}
          placeholder="https://…"
          hint="Who answers the provider when this deployment does not; set on numbers as they are bought."
        />
        <WhoseFields api={api} names={names} />
      </Form>
    </Panel>
  );
}

function WhoseFields({ api, names }: { api: TelephonyApi; names: Names }) {
  const sides = [...names.publishers, ...names.advertisers];
  return (
    <>
      <ChoiceField
        name="organization_id"
        label="Whose account it is"
        none="the network's own"
        choices={choicesOf(sides)}
        value={api.organization_id}
        hint="Whoever is paid by calls, or pays for them, should not be the only one to report them."
      />
      <CheckField
        name="reports_pay"
        label="Its reports alone pay"
        checked={api.reports_pay}
        hint="Without this, calls are held until the provider's own records confirm them."
      />
    </>
  );
}
