import { mkdir, rm, stat } from "node:fs/promises";

const POLL_MS = 100;

/**
 * Does a piece of work once for all test files, which run in processes of their own: a folder is the lock,
 * whoever makes it works, the others wait until `isDone`.
 * @param options.lock the folder; its parent exists
 * @param options.stale_ms how old a lock must be to have been left behind by a process that was killed
 */
export async function onceForAll(options: {
  lock: string;
  stale_ms: number;
  isDone(): Promise<boolean>;
  work(): Promise<void>;
}): Promise<void> {
  const { lock, stale_ms, isDone, work } = options;
  const isOpen = async () => (await stat(lock).catch(() => null)) === null;
  for (;;) {
    if ((await isOpen()) && (await isDone())) return;
    if (await take(lock, stale_ms)) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    if (!(await isDone())) await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function take(lock: string, stale_ms: number): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const made = await stat(lock).catch(() => null);
    if (made && Date.now() - made.mtimeMs > stale_ms) await rm(lock, { recursive: true, force: true });
    return false;
  }
}
