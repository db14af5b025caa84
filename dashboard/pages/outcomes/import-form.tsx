import { useRef } from "preact/hooks";
import { IMPORT_LIMITS, type SignalImport } from "../../../shared/api/signals.ts";
import { ApiProblem, request } from "../../api.ts";
import { count } from "../../format.ts";
import { Form, LinesField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { linesAtFault } from "../numbers/drafts.ts";
import { readOutcomes } from "./draft.ts";

const EXAMPLE =
  "call_id,name,value,revenue_micros,occurred_at\ncal_01M7ZBTBNSVCVX3ACSJZ31G5D9,sold,true,125500000,";

async function send(body: File | string): Promise<SignalImport> {
  const headers = { "content-type": "text/csv", "idempotency-key": crypto.randomUUID() };
  try {
    const response = await request("/api/v1/signals/import", { method: "POST", body, headers });
    return (await response.json()) as SignalImport;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.errors.length === 0) throw error;
    const { status, title, message, request_id, errors } = error;
    throw new ApiProblem(status, title, message, request_id, linesAtFault(errors));
  }
}

/** The form that sends outcomes from a spreadsheet; `busy` is told while they are on their way. */
export function ImportForm(props: { busy: (is_busy: boolean) => void; done: (job: SignalImport) => void }) {
  const { busy, done } = props;
  const file = useRef<HTMLInputElement>(null);
  const form = useForm({
    read: (values) => readOutcomes(values, file.current?.files?.[0] ?? null),
    send: async (body: File | string) => {
      busy(true);
      try {
        return await send(body);
      } finally {
        busy(false);
      }
    },
    done: (job) => {
      if (file.current) file.current.value = "";
      done(job);
    },
  });
  return (
    <Panel
      title="Send a file"
      lead={
        <>
          A CSV whose first line names the columns: <code>call_id</code> or <code>provider_call_id</code>,{" "}
          <code>name</code>, <code>value</code>, and if wanted <code>revenue_micros</code> and{" "}
          <code>occurred_at</code>. Lines that are wrong are rejected, the others count. A file may be sent
          again: nothing counts twice.
        </>
      }
    >
      <Form form={form} still act={form.busy ? "Sending…" : "Import these outcomes"}>
        <div class="field whole">
          <label for="outcomes-file">A CSV file</label>
          <input id="outcomes-file" ref={file} type="file" accept=".csv,text/csv" />
        </div>
        <LinesField
          name="csv"
          label="Or its lines"
          rows={4}
          placeholder={EXAMPLE}
          hint={`At most ${count(IMPORT_LIMITS.lines)} lines at once.`}
        />
      </Form>
    </Panel>
  );
}
