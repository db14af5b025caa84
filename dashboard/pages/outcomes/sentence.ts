import type { SignalImport, SignalImportSummary } from "../../../shared/api/signals.ts";
import { count, counted } from "../../format.ts";

/** What became of an import, in a sentence. */
export function importSentence({ status, accepted, rejected }: SignalImportSummary): string {
  if (status === "running") return `It is being read: ${counted(accepted + rejected, "line")} so far.`;
  if (status === "failed") {
    const before = accepted + rejected;
    const stands =
      before === 0
        ? "Nothing is taken in."
        : `Of ${counted(before, "line")} before ${are(accepted)} taken in.`;
    return `It broke off. ${stands}`;
  }
  const lines = accepted + rejected;
  if (rejected === 0)
    return lines === 1 ? "The line is taken in." : `All ${counted(lines, "line")} are taken in.`;
  if (accepted === 0)
    return lines === 1 ? "The line is rejected." : `All ${counted(lines, "line")} are rejected.`;
  return `Of ${counted(lines, "line")} ${are(accepted)} taken in; correct the other ${count(rejected)} and send the file again.`;
}

const are = (lines: number) => `${count(lines)} ${lines === 1 ? "is" : "are"}`;

/** A line that was not taken in, and why. */
export type Refused = SignalImport["errors"][number];

/** Where a failed import broke off; null for every other. */
export function brokeOffAt({ status, errors }: SignalImport): Refused | null {
  return status === "failed" ? (errors.at(-1) ?? null) : null;
}

/** The rejected lines that an import names: its errors, less the one that ended it. */
export function rejectedLines({ status, errors }: SignalImport): readonly Refused[] {
  return status === "failed" ? errors.slice(0, -1) : errors;
}
