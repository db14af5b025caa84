import type { NumbersInput, Pool } from "../../../shared/api/inventory.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { Form, LinesField, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Fault } from "../../parts/states.tsx";
import { toast } from "../../parts/toast.tsx";
import { AccountField, NoAccount } from "./account-field.tsx";
import { readNumbersInput, SUBS } from "./drafts.ts";
import { PlaceFields } from "./place-fields.tsx";

/**
 * The form that adds numbers, all of them or none.
 * @param props.place the pool it begins with, or null for static numbers first
 * @param props.done asked when they are added
 */
export function AddNumbers(props: {
  pools: readonly Pool[];
  names: Names;
  place: string | null;
  zone: string;
  done: () => void;
  leave: () => void;
}) {
  const { pools, names, place, zone, done, leave } = props;
  const accounts = useWhole(LISTS.accounts);
  const form = useForm({
    read: readNumbersInput,
    send: (body: NumbersInput) => ask(client.numbers.$post, { json: body }),
    done: ({ data }) => {
      toast(
        `${counted(data.length, "number")} added; calls to ${data.length === 1 ? "it" : "them"} count from now on.`,
      );
      done();
    },
  });
  if (accounts.data === null) return <Fault what="The telephony accounts" of={accounts} zone={zone} />;
  if (accounts.data.data.length === 0) {
    return <NoAccount title="Add numbers">Numbers belong to an account at a phone provider.</NoAccount>;
  }
  return (
    <Panel
      title="Add numbers"
      lead="Their voice webhook must lead to this deployment: the addresses are in the settings."
    >
      <Form form={form} act="Add these numbers" onLeave={leave}>
        <LinesField
          name="e164"
          label="Numbers"
          placeholder={"+1 628 555 0101\n+1 628 555 0102"}
          hint="One a line, with + and country code. All are added, or none."
        />
        <AccountField name="telephony_account_id" accounts={accounts.data.data} />
        <PlaceFields pools={pools} names={names} place={place} />
        <TextField name="label" label="Label" optional placeholder="Radio spot" />
        <SubFields />
      </Form>
    </Panel>
  );
}

/** The five sub ids, out of the way until they are wanted. */
export function SubFields({ values = {} }: { values?: Readonly<Record<string, string | null | undefined>> }) {
  const isUsed = SUBS.some((sub) => values[sub]);
  return (
    <details class="whole" open={isUsed}>
      <summary>Sub ids</summary>
      <div class="form-fields">
        {SUBS.map((sub) => (
          <TextField key={sub} name={sub} label={sub} optional value={values[sub] ?? ""} />
        ))}
      </div>
    </details>
  );
}
