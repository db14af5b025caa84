import { useRef } from "preact/hooks";
import type { NewNumbers, Pool } from "../../../shared/api/inventory.ts";
import { ApiProblem, queryString, request } from "../../api.ts";
import { counted } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { Form, LinesField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { AccountField } from "./account-field.tsx";
import { type ImportDraft, linesAtFault, readImport } from "./drafts.ts";
import { PlaceFields } from "./place-fields.tsx";

const EXAMPLE = "e164,label,sub1\n+16285550101,Radio spot,morning\n+16285550102,Van,";

async function send({ csv, ...query }: ImportDraft): Promise<NewNumbers> {
  const path = `/api/v1/numbers/import${queryString(query)}`;
  const headers = { "content-type": "text/csv", "idempotency-key": crypto.randomUUID() };
  try {
    const response = await request(path, { method: "POST", body: csv, headers });
    return (await response.json()) as NewNumbers;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.errors.length === 0) throw error;
    const { status, title, message, request_id, errors } = error;
    throw new ApiProblem(status, title, message, request_id, linesAtFault(errors));
  }
}

/** The form that adds numbers from a spreadsheet, all of them or none. */
export function ImportNumbers(props: {
  pools: readonly Pool[];
  names: Names;
  done: () => void;
  leave: () => void;
}) {
  const { pools, names, done, leave } = props;
  const accounts = useWhole(LISTS.accounts).data?.data ?? [];
  const box = useRef<HTMLDivElement>(null);
  const form = useForm({
    read: readImport,
    send,
    done: ({ data }) => {
      toast(`${counted(data.length, "number")} added.`);
      done();
    },
  });
  const take = async (file: File | undefined) => {
    const lines = box.current?.querySelector("textarea");
    if (file && lines) lines.value = await file.text();
  };
  return (
    <Panel
      title="Import numbers"
      lead="A CSV whose first line names the columns: e164, and any of label, sub1 to sub5, pool_id, campaign_id, publisher_id."
    >
      <div ref={box}>
        <Form form={form} act="Import these numbers" onLeave={leave}>
          <LinesField
            name="csv"
            label="CSV"
            rows={6}
            placeholder={EXAMPLE}
            hint="At most 1,000 lines. All are added, or none."
          />
          <div class="field whole">
            <label for="import-file">Or take them from a file</label>
            <input
              id="import-file"
              type="file"
              accept=".csv,text/csv"
              onChange={(event) => void take(event.currentTarget.files?.[0])}
            />
          </div>
          <AccountField name="telephony_account_id" accounts={accounts} />
          <PlaceFields key={pools[0]?.id} pools={pools} names={names} place={null} honeypot={false} />
        </Form>
      </div>
    </Panel>
  );
}
