import { useState } from "preact/hooks";
import type { SignalImportSummary } from "../../shared/api/signals.ts";
import { ask, client, type List } from "../api.ts";
import { count, counted } from "../format.ts";
import { mayReport } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { Live } from "../parts/live.tsx";
import { dayAndMinute } from "../parts/manage/when.ts";
import { Page, Section } from "../parts/page.tsx";
import { Fault, Loaded, TableSkeleton } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { type Resource, useResource } from "../query.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { ImportForm } from "./outcomes/import-form.tsx";
import { ImportResult } from "./outcomes/result.tsx";

/** As often as somebody waits for a file, or for an import that another sent. */
const WATCHED_S = 2;
const LISTED = 20;
const STATUS_WORDS: Readonly<Record<SignalImportSummary["status"], string>> = {
  running: "being read",
  done: "done",
  failed: "broke off",
};

/** Where what became of many calls is sent as a CSV, and what came of each file: `?import=` names the one that is shown. */
export default function ImportOutcomesPage() {
  const me = useMe();
  const url = useUrl();
  const names = useNames();
  const zone = me.network.timezone;
  const [busy, setBusy] = useState(false);
  const [running, setRunning] = useState(false);
  const imports = useResource(
    "signal imports",
    async (signal) => {
      const page = await ask(client.signals.import.$get, { query: { limit: LISTED } }, signal);
      setRunning(page.data.some(({ status }) => status === "running"));
      return page;
    },
    busy || running ? { every_s: WATCHED_S } : {},
  );
  const selected = url.params.get("import");
  const shown = useResource(
    // Asked once more when nothing is read any longer: that was its end.
    selected && `signal import ${selected} ${running}`,
    (signal) => ask(client.signals.import[":id"].$get, { param: { id: selected ?? "" } }, signal),
    running ? { every_s: WATCHED_S } : {},
  );
  const own = imports.data?.data.find(
    ({ status, organization_id }) => status === "running" && organization_id === me.organization.id,
  );
  const read = own ? own.accepted + own.rejected : 0;
  return (
    <Page title="Import outcomes" crumb={<a href="/calls">Calls</a>}>
      {mayReport(me) && (
        <>
          <p class="lead opening">
            Say what became of your calls: sales, appointments, scores. A call whose terms wait for an outcome
            is judged by it, at once or within minutes.
          </p>
          <ImportForm
            busy={setBusy}
            done={({ id }) => {
              imports.retry();
              url.set({ import: id });
            }}
          />
        </>
      )}
      {busy && (
        <p role="status">
          <Live beat={read}>
            {read === 0 ? "The file is on its way." : `${counted(read, "line")} read so far.`}
          </Live>
        </p>
      )}
      {selected !== null && <Fault what="The import" of={shown} zone={zone} />}
      {selected !== null && shown.data && <ImportResult job={shown.data} zone={zone} />}
      <LatestImports of={imports} names={names} zone={zone} selected={selected} />
    </Page>
  );
}

/** The files that were sent last; one of them opens above. */
function LatestImports(props: {
  of: Resource<List<SignalImportSummary>>;
  names: Names;
  zone: string;
  selected: string | null;
}) {
  const { of, names, zone, selected } = props;
  const url = useUrl();
  return (
    <Section id="imports" title="Latest imports">
      <Loaded
        of={of}
        what="The imports"
        zone={zone}
        skeleton={
          <TableSkeleton caption="Latest imports" columns={["Sent", "", ">Taken in", ">Rejected"]} rows={3} />
        }
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">None yet.</p>
          ) : (
            <Table
              caption="Latest imports"
              columns={columnsOf(names, zone, (id) => url.href({ import: id }))}
              rows={data}
              rowKey={({ id }) => id}
              selected={selected}
              onOpen={({ id }) => url.set({ import: id })}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function columnsOf(
  names: Names,
  zone: string,
  hrefOf: (id: string) => string,
): Column<SignalImportSummary>[] {
  return [
    {
      id: "sent",
      label: "Sent",
      cell: ({ id, created_at }) => <a href={hrefOf(id)}>{dayAndMinute(created_at, zone)}</a>,
    },
    ...(names.advertisers.length > 0
      ? [
          {
            id: "whose",
            label: "By",
            fold: 1 as const,
            class: "soft clip",
            cell: ({ organization_id }: SignalImportSummary) => names.of(organization_id),
          },
        ]
      : []),
    { id: "status", label: "Status", cell: ({ status }) => STATUS_WORDS[status] },
    { id: "accepted", label: "Taken in", numeric: true, cell: ({ accepted }) => count(accepted) },
    { id: "rejected", label: "Rejected", numeric: true, cell: ({ rejected }) => count(rejected) },
  ];
}
