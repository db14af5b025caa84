import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, and where builds go. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const DIST = join(ROOT, "dist");
