import type { World } from "./world.ts";

/** While `work` goes on, nothing of this call can be written to the table, and so no write that it is part of. */
export async function whileStuck<T>(
  world: World,
  table: "verdicts" | "attributions",
  provider_call_id: string,
  work: () => Promise<T>,
): Promise<T> {
  await world.d1.exec(
    `CREATE TRIGGER stuck BEFORE INSERT ON ${table} WHEN NEW.call_id = (SELECT id FROM calls WHERE provider_call_id = '${provider_call_id}') BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
  );
  try {
    return await work();
  } finally {
    await world.d1.exec("DROP TRIGGER stuck");
  }
}
