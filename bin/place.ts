import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** A file of a build: where it goes and what is in it. */
export type BuiltFile = { path: string; contents: Uint8Array };

/**
 * Puts a build in place, `entry` last: each file appears whole, and what the build does not have goes only when all of
 * it is there. So several copies may be started from one checkout at once, each building.
 */
export async function place(folder: string, entry: string, files: readonly BuiltFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = new Set(files.map(({ path }) => basename(path)));
  const entry_last = files.toSorted((a, b) => Number(isNamed(a, entry)) - Number(isNamed(b, entry)));
  for (const { path, contents } of entry_last) {
    const beside = join(folder, `.${randomUUID()}`);
    await writeFile(beside, contents);
    await rename(beside, join(folder, basename(path)));
  }
  for (const name of await readdir(folder)) {
    // Another build's file that is not in place yet is its own.
    if (!names.has(name) && !/^\.[0-9a-f-]{36}$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

function isNamed({ path }: BuiltFile, name: string): boolean {
  return basename(path) === name;
}
