import { buildLocal } from "../../bin/build.ts";

/** Built once before the whole test run; every world serves the same bundle. */
export default async function setup(): Promise<void> {
  await buildLocal();
}
