import { describe, expect, it } from "vitest";
import { readOutcomes } from "../../dashboard/pages/outcomes/draft.ts";
import { brokeOffAt, importSentence, rejectedLines } from "../../dashboard/pages/outcomes/sentence.ts";
import { IMPORT_LIMITS, type SignalImport } from "../../shared/api/signals.ts";

const job = (fields: Partial<SignalImport>): SignalImport => ({
  ...{ id: "job_1", organization_id: "org_1", status: "done", accepted: 0, rejected: 0, errors: [] },
  ...{ created_at: 1, ended_at: 2 },
  ...fields,
});
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("what an import says of itself", () => {
  it.each<[Partial<SignalImport>, string]>([
    [{ status: "running", accepted: 1_000, rejected: 500 }, "It is being read: 1,500 lines so far."],
    [{ accepted: 1 }, "The line is taken in."],
    [{ accepted: 1_200 }, "All 1,200 lines are taken in."],
    [{ rejected: 1 }, "The line is rejected."],
    [{ rejected: 3 }, "All 3 lines are rejected."],
    [{ accepted: 1, rejected: 2 }, "Of 3 lines 1 is taken in; correct the other 2 and send the file again."],
    [{ status: "failed" }, "It broke off. Nothing is taken in."],
    [{ status: "failed", accepted: 499, rejected: 1 }, "It broke off. Of 500 lines before 499 are taken in."],
  ])("%j", (fields, sentence) => {
    expect(plain(importSentence(job(fields)))).toBe(sentence);
  });

  it("tells the line where it broke off from those that it rejected", () => {
    const errors = [
      { line: 3, detail: "value is empty" },
      { line: 9, detail: "the upload broke off" },
    ];
    expect(brokeOffAt(job({ errors }))).toBeNull();
    expect(rejectedLines(job({ errors }))).toEqual(errors);
    const failed = job({ status: "failed", errors });
    expect(brokeOffAt(failed)?.line).toBe(9);
    expect(rejectedLines(failed).map(({ line }) => line)).toEqual([3]);
  });
});

describe("what is sent", () => {
  const file = (size: number) => ({ size });

  it("is the file, else what was pasted", () => {
    expect(readOutcomes({ csv: "a" }, file(5))).toEqual({ ok: true, value: file(5) });
    expect(readOutcomes({ csv: "a" }, null)).toEqual({ ok: true, value: "a" });
  });

  it("is not nothing, and not more than is read", () => {
    expect(readOutcomes({ csv: " \n" }, null)).toMatchObject({ ok: false, error: [{ pointer: "/csv" }] });
    expect(readOutcomes({}, file(IMPORT_LIMITS.bytes + 1))).toMatchObject({ ok: false });
  });
});
