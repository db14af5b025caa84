import type { ComponentChildren } from "preact";
import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import { ChoiceField } from "../../parts/form/fields.tsx";
import { Panel } from "../../parts/manage/panel.tsx";

/** Which account at a phone provider the numbers belong to; the first one, until another is chosen. */
export function AccountField(props: { name: string; accounts: readonly TelephonyAccount[] }) {
  const { name, accounts } = props;
  return (
    <ChoiceField
      name={name}
      label="Account"
      value={accounts[0]?.id}
      choices={accounts.map((account) => ({
        value: account.id,
        label: `${account.name}, ${account.provider}`,
      }))}
    />
  );
}

/**
 * What a form of numbers shows instead of itself while there is no account that it could use.
 * @param props.title the form's own
 * @param props.children why it needs one, in a sentence
 */
export function NoAccount({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Panel title={title}>
      <p class="note">
        {children} <a href="/settings?do=account">Connect one first</a>.
      </p>
    </Panel>
  );
}
