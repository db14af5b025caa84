import type { TypedResponse } from "hono";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

/** A body that is text: an untyped `Response` would make `hono/client` forget the JSON that the route answers else. */
export type Download = Response & TypedResponse<string, 200, "text">;

/**
 * A download that is written while it is read: nothing is produced faster than it is taken. An error half-way breaks
 * the connection, so that a part is never taken for the whole.
 */
export function streamed(file_name: string, chunks: AsyncGenerator<string>): Download {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  const type = MEDIA_TYPES[file_name.slice(file_name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const headers = {
    "content-type": type,
    "content-disposition": `attachment; filename="${file_name}"`,
    "cache-control": "no-store",
  };
  return new Response(body, { headers }) as Download;
}
