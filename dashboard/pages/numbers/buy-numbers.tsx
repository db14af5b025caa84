import { useState } from "preact/hooks";
import type { Pool } from "../../../shared/api/inventory.ts";
import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { CheckField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Fault } from "../../parts/states.tsx";
import { toast } from "../../parts/toast.tsx";
import { AccountField, NoAccount } from "./account-field.tsx";
import { buyNumbers, chosenField, purchaseWords, readPurchase, readSearch, type Search } from "./buying.ts";
import { PlaceFields } from "./place-fields.tsx";

type ForSale = { e164: string; region: string | null; locality: string | null };
type Found = { search: Search; numbers: readonly ForSale[] };

const SHOP = {
  buy: (id: string, e164: string) =>
    ask(client["telephony-accounts"][":id"]["provider-numbers"].$post, { param: { id }, json: { e164 } }),
  add: (json: Parameters<typeof buyNumbers>[0]) => ask(client.numbers.$post, { json }),
};

/** The form that buys numbers at a phone provider: a search, then which of them, and where they are to serve. */
export function BuyNumbers(props: {
  pools: readonly Pool[];
  names: Names;
  zone: string;
  done: () => void;
  leave: () => void;
}) {
  const { pools, names, zone, done, leave } = props;
  const accounts = useWhole(LISTS.accounts);
  const [found, setFound] = useState<Found | null>(null);
  if (accounts.data === null) return <Fault what="The telephony accounts" of={accounts} zone={zone} />;
  const shops = accounts.data.data.filter(({ provider }) => provider !== "sandbox");
  if (shops.length === 0) {
    return (
      <NoAccount title="Buy numbers">
        Numbers are bought with an account at a phone provider; the sandbox has none.
      </NoAccount>
    );
  }
  return (
    <Panel
      title="Buy numbers"
      lead="The provider charges your account for each number you buy. Calls to it are sent here at once."
    >
      <SearchForm accounts={shops} found={setFound} leave={found ? undefined : leave} />
      {found && (
        <ChooseForm
          key={JSON.stringify(found.search)}
          found={found}
          pools={pools}
          names={names}
          done={done}
          leave={leave}
        />
      )}
    </Panel>
  );
}

function SearchForm(props: {
  accounts: readonly TelephonyAccount[];
  found: (found: Found | null) => void;
  leave: (() => void) | undefined;
}) {
  const { accounts, found, leave } = props;
  const form = useForm({
    read: readSearch,
    send: async (search: Search) => {
      const { account_id: id, ...query } = search;
      found(null);
      const { data } = await ask(client["telephony-accounts"][":id"]["available-numbers"].$get, {
        param: { id },
        query,
      });
      return { search, numbers: data };
    },
    done: found,
  });
  return (
    <Form form={form} act={form.busy ? "Asking…" : "Find numbers"} {...(leave && { onLeave: leave })}>
      <AccountField name="account_id" accounts={accounts} />
      <TextField name="country" label="Country" value="US" maxLength={2} />
      <TextField name="area_code" label="Area code" optional numeric maxLength={5} placeholder="415" />
    </Form>
  );
}

function ChooseForm(props: {
  found: Found;
  pools: readonly Pool[];
  names: Names;
  done: () => void;
  leave: () => void;
}) {
  const { found, pools, names, done, leave } = props;
  const { account_id, country, area_code } = found.search;
  const form = useForm({
    read: (values) =>
      readPurchase(
        values,
        account_id,
        found.numbers.map(({ e164 }) => e164),
      ),
    send: (numbers: Parameters<typeof buyNumbers>[0]) => buyNumbers(numbers, SHOP),
    done: (purchase) => {
      toast(purchaseWords(purchase));
      done();
    },
  });
  const where = area_code ? `${country}, area code ${area_code}` : country;
  if (found.numbers.length === 0) {
    return <p class="note">The provider has none for sale in {where}. Try another area code.</p>;
  }
  return (
    <Form form={form} act={form.busy ? "Buying…" : "Buy the chosen"} onLeave={leave}>
      <fieldset class="whole for-sale">
        <legend>
          {counted(found.numbers.length, "number")} for sale in {where}
        </legend>
        {found.numbers.map((number) => (
          <CheckField
            key={number.e164}
            name={chosenField(number.e164)}
            label={<NumberForSale number={number} />}
          />
        ))}
      </fieldset>
      <PlaceFields pools={pools} names={names} place={null} />
      <TextField name="label" label="Label" optional placeholder="Radio spot" />
    </Form>
  );
}

function NumberForSale({ number: { e164, locality, region } }: { number: ForSale }) {
  const place = [locality, region].filter(Boolean).join(", ");
  return (
    <>
      {displayNumber(e164)}
      {place && <span class="soft"> {place}</span>}
    </>
  );
}
