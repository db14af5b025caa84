import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { ListOf } from "../../shared/api/common.ts";
import { IMPORT_LIMITS, SignalImport, SignalImportSummary } from "../../shared/api/signals.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";
import { csv, importOutcomes, sendOutcomes } from "../support/upload.ts";

let stage: Stage;
let call: Call;

beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  const [to = ""] = own.pool_numbers;
  await placeCall(world, own.sandbox_account_id, { call_id: "imported-1", to, at: world.at });
  call = await callNamed(world, "imported-1", world.at + 5 * MINUTE_MS);
});
afterAll(() => stage?.stop());

const send = (body: string, headers: Record<string, string> = {}, key?: string) =>
  sendOutcomes(stage.world, body, { headers, ...(key && { key }) });
const imported = (body: string) => importOutcomes(stage.world, body);
const line = (value: string, occurred_at = "") => `${call.id},note,${value},${occurred_at}`;
const HEADER = "call_id,name,value,occurred_at";

/** What an import leaves behind. */
async function stored() {
  const { d1 } = stage.world;
  const counts = ["signals", "signal_imports", "audit_log", "idempotency_keys"].map(
    (table) => `(SELECT count(*) FROM ${table}) AS ${table}`,
  );
  return d1.prepare(`SELECT ${counts.join(", ")}`).first<Record<string, number>>();
}
async function leavesNothing(ask: () => Promise<unknown>): Promise<void> {
  const before = await stored();
  await ask();
  expect(await stored()).toEqual(before);
}
const notesOf = async () => (await callNamed(stage.world, "imported-1", stage.world.at + HOUR_MS)).signals;

describe("POST /signals/import", () => {
  it("is for those who may report a single outcome", async () => {
    const file = csv(HEADER, line("1"));
    await leavesNothing(async () => {
      for (const who of ["analyst", "billing", "viewer", "publisher"] as const) {
        await problemOf(await send(file, {}, stage.keys[who]), 403);
      }
      await problemOf(await stage.world.ask("/api/v1/signals/import", { body: file, key: null }), 401);
    });
    expect((await send(file, {}, stage.keys.advertiser)).status).toBe(202);
  });

  it("refuses what it cannot read before anything is stored, and says where", async () => {
    const faults: [string, string, string][] = [
      ["", "/1", "the first line must name the columns"],
      ["name,value\nsold,1\n", "/1", "call_id or provider_call_id"],
      ["call_id,name\nx,sold\n", "/1", "has no column value"],
      ["call_id,name,value,colour\nx,sold,1,red\n", "/1", "unknown columns: colour"],
      ["call_id,name,value,Name\nx,sold,1,sold\n", "/1", "names a column twice"],
      ["\r\ncall_id,name,value\r\n\r\n", "/2", "no line follows the header"],
      ['"call_id,name,value\nx,sold,1\n', "/1", "a quote is not closed"],
    ];
    await leavesNothing(async () => {
      for (const [file, pointer, detail] of faults) {
        const problem = await problemOf(await send(file), 422);
        expect(problem.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
      }
      await problemOf(await send(csv(HEADER, line("1")), { "content-type": "application/json" }), 415);
      await problemOf(await send("x".repeat(IMPORT_LIMITS.bytes + 1)), 413);
      const latin = new Uint8Array([...new TextEncoder().encode("call_id,name,value\n"), 0xe9, 0x0a]);
      await problemOf(await sendOutcomes(stage.world, latin), 422);
    });
  });

  it("reads what spreadsheets write, and counts lines as they do", async () => {
    const file = [
      '\ufeff NAME ,occurred_at,"value",call_id\r\n',
      `note,${stage.world.at},"two\r\nlines, and ""quotes""",${call.id}\r\n`,
      `note,${stage.world.at},"two lines",${call.id}\r\n`,
      "\r\n",
      `note,yesterday,1,${call.id}\r\n`,
      `note,${stage.world.at},'-no,${call.id},more\r\n`,
      `note,${stage.world.at},'-no,${call.id}\r\n`,
      `note,${stage.world.at}.5,1,${call.id}\r\n`,
      `note,${stage.world.at}`,
    ].join("");
    const job = await imported(file);
    expect(job).toMatchObject({ accepted: 2, rejected: 5 });
    expect(job.errors).toEqual([
      { line: 2, detail: expect.stringContaining("value must not contain control characters") },
      { line: 6, detail: "occurred_at must be integer milliseconds since the epoch" },
      { line: 7, detail: "has more cells than the header" },
      { line: 9, detail: "occurred_at must be integer milliseconds since the epoch" },
      { line: 10, detail: "names no call" },
    ]);
    expect((await notesOf()).map(({ value }) => value)).toEqual(expect.arrayContaining(["two lines", "-no"]));
  });

  it.each([
    [`${"x".repeat(201)}`, "value must have at most 200 characters"],
    ["", "value is empty"],
  ])("rejects a line of the value %s", async (value, detail) => {
    expect((await imported(csv(HEADER, line(value)))).errors).toEqual([{ line: 2, detail }]);
  });

  it("rejects lines of a wrong name or worth", async () => {
    const file = csv(
      "call_id,name,value,revenue_micros",
      `${call.id},,1,`,
      `${call.id},note,1,12.5`,
      `${call.id},note,1,-1`,
      `${call.id},note,1,9007199254740993`,
    );
    expect((await imported(file)).errors.map(({ detail }) => detail)).toEqual([
      "name must not be empty",
      "revenue_micros must be integer micros (45 USD is 45000000)",
      "revenue_micros must not be negative",
      expect.stringContaining("revenue_micros must be at most"),
    ]);
  });

  it("names so many rejected lines and counts all, and ends where a file is too long", async () => {
    const wrong = (count: number) => csv(HEADER, ...Array.from({ length: count }, () => ",note,1,"));
    const most = await imported(wrong(IMPORT_LIMITS.lines));
    expect(most).toMatchObject({ status: "done", accepted: 0, rejected: IMPORT_LIMITS.lines });
    expect(most.errors).toHaveLength(IMPORT_LIMITS.errors);
    const more = await imported(wrong(IMPORT_LIMITS.lines + 7));
    expect(more).toMatchObject({ status: "failed", rejected: IMPORT_LIMITS.lines });
    expect(more.errors).toHaveLength(IMPORT_LIMITS.errors + 1);
    expect(more.errors.at(-1)).toEqual({
      line: IMPORT_LIMITS.lines + 2,
      detail: expect.stringContaining("at most 20000 lines are read at once"),
    });
  });

  it("ends where a body turns out to be too large, and where it cannot be read any further", async () => {
    const long = csv(HEADER, ...Array.from({ length: 9_000 }, () => `,note,${"x".repeat(1_000)},`));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(long));
        controller.close();
      },
    });
    const response = await stage.world.ask("/api/v1/signals/import", {
      ...{ method: "POST", body, headers: { "content-type": "text/csv" } },
      ...({ duplex: "half" } as RequestInit),
    });
    const large = (await response.json()) as SignalImport;
    expect([response.status, large.status]).toEqual([202, "failed"]);
    expect(large.errors.at(-1)?.detail).toContain(`at most ${IMPORT_LIMITS.bytes} bytes`);
    const open = await imported(csv(HEADER, line("right"), line('"open')));
    expect(open).toMatchObject({ status: "failed", accepted: 1, rejected: 0 });
    expect(open.errors).toEqual([{ line: 3, detail: expect.stringContaining("a quote is not closed") }]);
  });

  it("sends few statements for many lines", async () => {
    const statements = async () => (await stage.world.json<{ statements: number }>("/__local/d1")).statements;
    const lines = Array.from({ length: 2_000 }, (_, i) => line("1", String(stage.world.at + i)));
    const before = await statements();
    expect(await imported(csv(HEADER, ...lines))).toMatchObject({ accepted: 2_000 });
    expect((await statements()) - before).toBeLessThan(40);
  });

  it("is written into the audit log", async () => {
    const { id } = await imported(csv(HEADER, line("audited")));
    const { results } = await stage.world.d1
      .prepare("SELECT action, actor FROM audit_log WHERE subject_id = ?")
      .bind(id)
      .all();
    expect(results).toMatchObject([{ action: "signals.import", actor: expect.stringMatching(/^key_/) }]);
  });
});

describe("an import with an Idempotency-Key", () => {
  /** More than is held of any other body. */
  const long = () =>
    csv(HEADER, ...Array.from({ length: 2_500 }, (_, i) => line("long", String(stage.world.at + i))));

  it("is answered as the first time, and refused with another file", async () => {
    const headers = { "idempotency-key": "outcomes-of-monday" };
    const file = long();
    const first = await send(file, headers);
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([202, null]);
    const answer = await first.text();
    expect(JSON.parse(answer)).toMatchObject({ status: "done", accepted: 2_500 });
    await leavesNothing(async () => {
      const again = await send(file, headers);
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
      expect(await again.text()).toBe(answer);
      const problem = await problemOf(await send(`${file}\n`, headers), 422);
      expect(problem.type).toMatch(/idempotency-mismatch$/);
      await problemOf(await send(file, { "idempotency-key": "with space" }), 400);
    });
  });

  it("is one answer when it is sent twice at once", async () => {
    const headers = { "idempotency-key": "twins" };
    const answers = await Promise.all([1, 2, 3].map(() => send(csv(HEADER, line("twin")), headers)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect((await notesOf()).filter(({ value }) => value === "twin")).toHaveLength(1);
  });

  it("leaves the key free where it was refused or broke off", async () => {
    const headers = { "idempotency-key": "corrected" };
    await problemOf(await send("call_id,value\n", headers), 422);
    const broken = await send(csv(HEADER, line("once"), line('"open')), headers);
    expect(await broken.json()).toMatchObject({ status: "failed", accepted: 1 });
    expect(await (await send(csv(HEADER, line("once")), headers)).json()).toMatchObject({ status: "done" });
  });
});

describe("/signals/import/{id}", () => {
  checkRoute(() => stage, {
    operation: "signal_imports.read",
    method: "GET",
    path: async () => `/signals/import/${(await imported(csv(HEADER, line("read")))).id}`,
    status: 200,
    answers: SignalImport,
  });

  it("is for whoever sent it and for the network", async () => {
    const key = stage.keys.advertiser;
    const own = await importOutcomes(stage.world, csv(HEADER, line("1"), ",x,1,"), { key });
    const networks = await imported(csv(HEADER, line("1")));
    expect(await stage.json("advertiser", `/signals/import/${own.id}`)).toEqual(own);
    expect(await stage.json("admin", `/signals/import/${own.id}`)).toEqual(own);
    await problemOf(await stage.as("advertiser", `/signals/import/${networks.id}`), 404);
    const listed = await stage.json<{ data: SignalImportSummary[] }>("advertiser", "/signals/import");
    expect(listed.data.every(({ organization_id }) => organization_id === stage.own.advertiser_id)).toBe(
      true,
    );
    expect(listed.data[0]).not.toHaveProperty("errors");
  });
});

describe("GET /signals/import", () => {
  checkRoute(() => stage, {
    operation: "signal_imports.list",
    method: "GET",
    path: () => "/signals/import",
    status: 200,
    answers: ListOf(SignalImportSummary),
  });

  it("is paged, newest first", async () => {
    const at = (now: number) => importOutcomes(stage.world, csv(HEADER, line("1")), { now });
    const made = [await at(stage.world.at + HOUR_MS), await at(stage.world.at + HOUR_MS + 1)];
    type Page = { data: SignalImportSummary[]; next_cursor: string };
    const first = await stage.json<Page>("admin", "/signals/import?limit=1");
    const second = await stage.json<Page>("admin", `/signals/import?limit=1&cursor=${first.next_cursor}`);
    expect([first.data[0]?.id, second.data[0]?.id]).toEqual([made[1]?.id, made[0]?.id]);
  });
});
