import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import { ChoiceField } from "../../parts/form/fields.tsx";

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
