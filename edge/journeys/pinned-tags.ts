import { errorFields } from "../platform/log.ts";
import type { Services } from "../services.ts";

/*
 * Pages that have pinned a version of the tag by its hash load that one for as long as they stand, whatever has been
 * deployed since. So each version that is handed out is kept, in KV under `tag/{version}`: some kilobytes a release.
 */

/** A version that was handed out by an earlier deployment; null if none was. */
export async function earlierTag({ plans }: Services, version: string): Promise<string | null> {
  return /^[0-9a-f]{10}$/.test(version) ? plans.get(keyOf(version)) : null;
}

const kept = new Set<string>();

/** Keeps what this deployment hands out, after the answer and once for each instance of the Worker. */
export function keepTag(services: Services, version: string, script: string): void {
  if (kept.has(version)) return;
  kept.add(version);
  services.later(
    write(services, version, script).catch((error: unknown) => {
      kept.delete(version);
      services.log.error("tag not kept", { ...errorFields(error), version });
    }),
  );
}

async function write({ plans }: Services, version: string, script: string): Promise<void> {
  // Reading costs a tenth of writing.
  if ((await plans.get(keyOf(version))) === null) await plans.put(keyOf(version), script);
}

const keyOf = (version: string): string => `tag/${version}`;
