import type { SignalImport } from "../../../shared/api/signals.ts";
import { count } from "../../format.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { brokeOffAt, importSentence, type Refused, rejectedLines } from "./sentence.ts";

const COLUMNS: Column<Refused>[] = [
  { id: "line", label: "Line", numeric: true, class: "acts-cell", cell: ({ line }) => count(line) },
  { id: "detail", label: "Why it is rejected", cell: ({ detail }) => detail },
];

/** What became of one import, and each line that it rejected. */
export function ImportResult({ job, zone }: { job: SignalImport; zone: string }) {
  const ended = brokeOffAt(job);
  const lines = rejectedLines(job);
  return (
    <Section
      id="result"
      title={`Import of ${dayAndMinute(job.created_at, zone)}`}
      aside={<code>{job.id}</code>}
    >
      <p class="lead opening" role="status">
        {importSentence(job)}
      </p>
      {ended && (
        <p class="wrong">
          Line {count(ended.line)}: {ended.detail}
        </p>
      )}
      {lines.length > 0 && (
        <>
          <Table
            caption="Rejected lines"
            columns={COLUMNS}
            rows={lines}
            rowKey={({ line }) => String(line)}
            keys={false}
          />
          {job.rejected > lines.length && (
            <p class="note foot-note">
              These are the first {count(lines.length)} of {count(job.rejected)}.
            </p>
          )}
        </>
      )}
    </Section>
  );
}
