import { type ClientRequest, request } from "node:http";
import type { SignalImport, SignalImportSummary } from "../../shared/api/signals.ts";
import type { World } from "./world.ts";

/** A file of these lines. */
export const csv = (...lines: string[]): string => lines.map((line) => `${line}\n`).join("");

type As = { key?: string; now?: number; headers?: Record<string, string> };

/** Sends outcomes as a CSV: the answer, whatever it is. */
export const sendOutcomes = (
  world: World,
  body: string | Uint8Array<ArrayBuffer>,
  as: As = {},
): Promise<Response> =>
  world.ask("/api/v1/signals/import", {
    ...as,
    method: "POST",
    body,
    headers: { "content-type": "text/csv", ...as.headers },
  });

/** The same, and the job it was accepted as. */
export async function importOutcomes(world: World, body: string, as: As = {}): Promise<SignalImport> {
  const response = await sendOutcomes(world, body, as);
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the import answered ${response.status}: ${text}`);
  return JSON.parse(text) as SignalImport;
}

/** An upload that a test sends piece by piece, without saying how long it is. */
export type Upload = {
  send(text: string): void;
  /** Sends no more; the answer's status and body. */
  end(): Promise<{ status: number; text: string }>;
  /** Hangs up in the middle. */
  hangUp(): void;
};

export function beginUpload(world: World, { key = world.key, now = world.at }: As = {}): Upload {
  const headers = {
    "content-type": "text/csv",
    "ringtrail-now": String(now),
    authorization: `Bearer ${key}`,
    "transfer-encoding": "chunked",
  };
  const sending: ClientRequest = request(`${world.url}/api/v1/signals/import`, { method: "POST", headers });
  const answer = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sending.on("error", reject);
    sending.on("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode ?? 0, text });
    });
  });
  // Who hangs up gets no answer, and wants none.
  answer.catch(() => {});
  return {
    send: (text) => void sending.write(text),
    end() {
      sending.end();
      return answer;
    },
    hangUp: () => void sending.destroy(),
  };
}

/** The import that began at `now`, once it is as wanted; the test's own time limit is how long that is waited for. */
export async function importOf(
  world: World,
  wanted: (found: SignalImportSummary) => boolean,
  now = world.at,
): Promise<SignalImportSummary> {
  for (;;) {
    const list = await world.json<{ data: SignalImportSummary[] }>("/api/v1/signals/import", { now });
    const found = list.data.find((one) => one.created_at === now && wanted(one));
    if (found) return found;
  }
}
