import { IMPORT_LIMITS } from "../../../shared/api/signals.ts";
import { err, ok } from "../../../shared/result.ts";
import type { Draft, Values } from "../../parts/form/reading.ts";

/** What is sent: the file as it lies there, else what was pasted. */
export function readOutcomes<F extends { size: number }>(
  { csv = "" }: Values,
  file: F | null,
): Draft<F | string> {
  if (file !== null) {
    const { bytes } = IMPORT_LIMITS;
    const most = `The file is larger than ${bytes / 1024 / 1024} MB. Send it in parts.`;
    return file.size > bytes ? err([{ pointer: "/csv", detail: most }]) : ok(file);
  }
  return csv.trim() === ""
    ? err([{ pointer: "/csv", detail: "Choose a file, or paste its lines." }])
    : ok(csv);
}
