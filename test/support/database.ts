import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { migrate } from "../../bin/migrate.ts";
import { COMPATIBILITY_DATE } from "../../bin/serve.ts";

type D1 = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** A real, migrated D1 in memory and nothing else, for tests of the schema. */
export async function openDatabase(): Promise<{
  d1: D1;
  sql(text: string, ...values: unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
}> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "database",
      modules: true,
      script: "export default { fetch: () => new Response(null, { status: 404 }) }",
      compatibilityDate: COMPATIBILITY_DATE,
      d1Databases: { DB: "database" },
    }),
  );
  const d1 = await miniflare.getD1Database("DB");
  await migrate(d1);
  return {
    d1,
    sql: async (text, ...values) =>
      (
        await d1
          .prepare(text)
          .bind(...values)
          .all()
      ).results,
    close: () => miniflare.dispose(),
  };
}
