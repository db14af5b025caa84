import { IMPORT_LIMITS } from "../../shared/api/signals.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { dueAmong, markAllForReview } from "../calls/due.ts";
import { callsNamed } from "../calls/named.ts";
import { accountIds } from "../inventory/telephony-accounts.ts";
import type { CsvFault, CsvRecord } from "../platform/csv-read.ts";
import { type Bytes, csvParts } from "../platform/csv-stream.ts";
import { isConflict, isRefusal, type Statement, write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import { closeImport, HAS_ENDED, type ImportRow, saveImport, WHAT_STAYS } from "../signals/import-store.ts";
import { type Column, readHeader, readLine, withoutRepeats } from "../signals/model/import-lines.ts";
import { callFinder } from "../signals/model/named-call.ts";
import { addImported, callsOfNew, type ImportedSignal } from "../signals/store.ts";
import { settleAlone } from "./settle.ts";

/** Lines that one write takes in: some hundred kilobytes, six statements. 20,000 lines use a quarter of a request's 1,000. */
const LINES_PER_WRITE = 500;
/** Calls judged before the answer, each for 15 to 30 of the 1,000 statements; they are marked, and upkeep does the others. */
const SETTLED_AT_ONCE = 20;
const TOO_MANY = `at most ${IMPORT_LIMITS.lines} lines are read at once`;

export type ImportAsk = {
  viewer: Viewer;
  bytes: Bytes;
  /** Goes into the first write: that an import was begun. */
  begun(row: ImportRow): Statement;
  /** Goes into the last write of one that came to its end: its answer, for whoever asks again. */
  answered(row: ImportRow): Promise<Statement[]>;
};

/** An import that came to its end; of two of one `Idempotency-Key` at once, the twin is the one whose answer is not kept. */
export type Imported = { row: ImportRow; is_twin: boolean };

/**
 * Outcomes of many calls are told in lines. Nothing is stored before the header is right. The lines are taken in part by
 * part, each in one write with how far the import has come and with the marks by which their calls are judged again:
 * whatever breaks off, what was taken in stands and is judged, and sending the same again does the rest and changes
 * nothing else. A file of one part is taken in as a whole or not at all.
 */
export async function importSignals(services: Services, ask: ImportAsk): Promise<Result<Imported, Failure>> {
  const begun = await beginning(services, ask);
  if (!begun.ok) return begun;
  const intake = begun.value;
  try {
    await takeInAll(intake);
  } catch (error) {
    return err(await brokenOff(intake, error));
  }
  await settleFirst(intake);
  return ok({ row: intake.row, is_twin: intake.is_twin });
}

/** An import under way: what is read and not yet taken in, and the row as it was written last. */
type Intake = {
  services: Services;
  ask: ImportAsk;
  account_ids: readonly string[];
  columns: readonly Column[];
  parts: ReturnType<typeof csvParts>;
  waiting: CsvRecord[];
  lines: number;
  row: ImportRow;
  is_stored: boolean;
  is_twin: boolean;
  /** The first calls of which something new may have been told. */
  told_of: Set<string>;
};

const refusedLine = ({ line, detail }: CsvFault): { ok: false; error: Failure } =>
  err({ kind: "invalid", faults: [{ pointer: `/${line}`, detail }] });

/** Reads up to the first line below the header. */
async function beginning(services: Services, ask: ImportAsk): Promise<Result<Intake, Failure>> {
  const { viewer } = ask;
  const parts = csvParts(ask.bytes, IMPORT_LIMITS.bytes);
  const waiting: CsvRecord[] = [];
  while (waiting.length < 2) {
    const part = await parts.next();
    if (part.done) break;
    if (!part.value.ok) {
      await parts.return(undefined);
      return refusedLine(part.value.error);
    }
    waiting.push(...part.value.value);
  }
  const header = waiting.shift();
  const columns = readHeader(header?.cells ?? []);
  if (!columns.ok || waiting.length === 0) {
    await parts.return(undefined);
    return refusedLine({
      line: header?.line ?? 1,
      detail: columns.ok ? "no line follows the header" : columns.error,
    });
  }
  const now = services.clock.now();
  const row: ImportRow = {
    id: services.ids.next("job"),
    network_id: viewer.network_id,
    organization_id: viewer.organization_id,
    status: "running",
    next_line: waiting[0]?.line ?? null,
    accepted: 0,
    rejected: 0,
    errors: [],
    created_at: now,
    progressed_at: now,
    ended_at: null,
  };
  const account_ids = columns.value.includes("provider_call_id")
    ? await accountIds(services.network(viewer.network_id).db, viewer.network_id)
    : [];
  return ok({
    ...{ services, ask, account_ids, columns: columns.value, parts, waiting, row },
    lines: waiting.length,
    is_stored: false,
    is_twin: false,
    told_of: new Set(),
  });
}

async function takeInAll(intake: Intake): Promise<void> {
  const { parts, waiting } = intake;
  let fault: CsvFault | null = null;
  for await (const part of parts) {
    if (part.ok) {
      waiting.push(...part.value);
      intake.lines += part.value.length;
    } else fault = part.error;
    const beyond = intake.lines - IMPORT_LIMITS.lines;
    if (beyond > 0) {
      const [first] = waiting.splice(-beyond);
      fault = { line: first?.line ?? 0, detail: `${TOO_MANY}: send the rest as another file` };
    }
    // One part is kept back, so that the last one and the end of the import are one write.
    while (waiting.length > LINES_PER_WRITE) await takeIn(intake, waiting.splice(0, LINES_PER_WRITE));
    if (fault !== null) break;
  }
  await takeIn(intake, waiting.splice(0), fault ?? "done");
}

/** Takes lines in, in one write with how far the import is thereby: further to go, done, or ended by a fault. */
async function takeIn(
  intake: Intake,
  records: readonly CsvRecord[],
  ended: CsvFault | "done" | null = null,
): Promise<void> {
  const { services, ask, row } = intake;
  const { db } = services.network(row.network_id);
  const { rows, errors } = await readLines(intake, records);
  const now = services.clock.now();
  const further: ImportRow = {
    ...row,
    next_line: intake.waiting[0]?.line ?? null,
    accepted: row.accepted + rows.length,
    rejected: row.rejected + errors.length,
    errors: [...row.errors, ...errors].slice(0, IMPORT_LIMITS.errors),
    progressed_at: now,
  };
  const next = ended === null ? further : endOf(further, ended, now);
  const told = withoutRepeats(rows);
  const fresh = callsOfNew(told.map(({ id }) => id));
  const taken = told.length > 0 ? [addImported(db, told), markAllForReview(db, fresh, now)] : [];
  const statements = [...taken, saveImport(db, next), ...(intake.is_stored ? [] : [ask.begun(next)])];
  const answer = next.status === "done" ? await ask.answered(next) : [];
  try {
    await write(db, ...answer, ...statements);
  } catch (error) {
    if (answer.length === 0 || !isConflict(error)) throw error;
    await write(db, ...statements);
    intake.is_twin = true;
  }
  for (const { call_id } of rows) if (intake.told_of.size < SETTLED_AT_ONCE) intake.told_of.add(call_id);
  intake.row = next;
  intake.is_stored = true;
}

function endOf(row: ImportRow, ended: CsvFault | "done", now: Instant): ImportRow {
  if (ended === "done") return { ...row, status: "done", ended_at: now };
  const { line, detail } = ended;
  const errors = [...row.errors, { line, detail: `${detail}. ${WHAT_STAYS}` }];
  return { ...row, status: "failed", next_line: line, errors, ended_at: now };
}

/** What the lines say of calls that are there for whoever says it, and what is wrong with the others. */
async function readLines(
  { services, ask: { viewer }, account_ids, columns, row }: Intake,
  records: readonly CsvRecord[],
): Promise<{ rows: ImportedSignal[]; errors: CsvFault[] }> {
  const { db } = services.network(row.network_id);
  const read = records.map(({ line, cells }) => ({ line, told: readLine(columns, cells) }));
  const told = read.flatMap((one) => (one.told.ok ? [one.told.value] : []));
  const names = {
    call_ids: told.flatMap(({ call_id }) => call_id ?? []),
    provider_call_ids: told.flatMap(({ call_id, provider_call_id }) =>
      call_id === null && provider_call_id !== null ? [provider_call_id] : [],
    ),
  };
  const findCall = callFinder(await callsNamed(db, viewer, names, account_ids));
  const rows: ImportedSignal[] = [];
  const errors: CsvFault[] = [];
  for (const { line, told } of read) {
    const call = told.ok ? findCall(told.value) : told;
    if (!told.ok || !call.ok) {
      errors.push({ line, detail: call.ok ? "" : call.error });
      continue;
    }
    const { name, value, revenue_micros, occurred_at } = told.value;
    rows.push({
      ...{ id: services.ids.next("signal"), network_id: row.network_id, call_id: call.value.id },
      ...{ name, value, revenue_micros, occurred_at },
      ...{ reported_at: row.created_at, actor: viewer.actor_id },
    });
  }
  return { rows, errors };
}

/**
 * What to answer when a write failed: that nothing is stored, or that what was taken in before stays. Whether the last
 * write arrived nobody knows, so where the import ended is left to the database to say.
 */
async function brokenOff({ services, row, is_stored }: Intake, error: unknown): Promise<Failure> {
  if (isRefusal(error, HAS_ENDED)) {
    return {
      kind: "conflict",
      detail: "This import was given up, for nothing more came: send the file again.",
    };
  }
  const { db } = services.network(row.network_id);
  // If this fails, too, upkeep closes the import.
  await write(db, closeImport(db, row.id, "something failed on our side", services.clock.now())).catch(
    () => {},
  );
  if (!is_stored) throw error;
  services.log.error("import broke off", { import: row.id, ...errorFields(error) });
  return {
    kind: "unavailable",
    detail: `The import ${row.id} broke off: send the file again. What was taken in counts, and counts once.`,
  };
}

/** Judges the first of the calls again. All are marked, so upkeep does what this does not come to. */
async function settleFirst({ services, row, told_of }: Intake): Promise<void> {
  const { network_id } = row;
  try {
    const due = await dueAmong(services.network(network_id).db, [...told_of], services.clock.now());
    for (const call_id of due) {
      await settleAlone(services, { network_id, call_id, reason: "outcomes were imported" });
    }
  } catch (error) {
    services.log.error("imported outcomes are not judged yet", { import: row.id, ...errorFields(error) });
  }
}
