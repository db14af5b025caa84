import { err, ok, type Result } from "../../shared/result.ts";
import { type CsvFault, CsvReader, type CsvRecord } from "./csv-read.ts";

/** However much comes at once, no more than this becomes records before they are taken. */
const PIECE_CHARACTERS = 16_384;

export type Bytes = AsyncIterator<Uint8Array<ArrayBuffer>>;

/**
 * The records of a CSV text as its bytes come, part by part; a fault is the last part. Nothing is kept but the record that
 * is being read. What is left of the bytes when there is no more to read or to want is passed over, for workerd resets
 * a connection whose body was left unread.
 */
export async function* csvParts(
  bytes: Bytes,
  limit_bytes: number,
): AsyncGenerator<Result<CsvRecord[], CsvFault>> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const csv = new CsvReader();
  const failed = (detail: string) => err({ line: csv.line, detail });
  let size_bytes = 0;
  try {
    for (let is_over = false; !is_over; ) {
      const chunk = await nextOf(bytes);
      if (chunk === null) return yield failed("the upload broke off: send the file again");
      is_over = chunk.done === true;
      size_bytes += chunk.done ? 0 : chunk.value.byteLength;
      if (size_bytes > limit_bytes) {
        return yield failed(`at most ${limit_bytes} bytes are read at once: send the rest as another file`);
      }
      const text = decoded(decoder, chunk.done ? null : chunk.value);
      if (text === null) return yield failed("is not UTF-8");
      for (let at = 0; at < text.length && csv.fault === null; at += PIECE_CHARACTERS) {
        yield ok(csv.push(text.slice(at, at + PIECE_CHARACTERS)));
      }
      if (is_over) yield ok(csv.end());
      if (csv.fault !== null) return yield err(csv.fault);
    }
  } finally {
    while ((await nextOf(bytes))?.done === false);
  }
}

/** The next bytes; null when whoever sends them is gone. */
async function nextOf(bytes: Bytes): Promise<IteratorResult<Uint8Array<ArrayBuffer>> | null> {
  try {
    return await bytes.next();
  } catch {
    return null;
  }
}

/** The characters that end in these bytes; null when they are of no text. */
function decoded(decoder: TextDecoder, bytes: Uint8Array<ArrayBuffer> | null): string | null {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    return null;
  }
}
