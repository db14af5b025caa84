import { inUseOfPublisher, inUseText } from "../inventory/in-use.ts";
import { groundOf } from "./support/commit.ts";
import { sideRoutes } from "./support/sides.ts";

/** `/publishers`: who brings the callers. */
export const publishers = sideRoutes("publisher", async (c, row) =>
  inUseText(await inUseOfPublisher(groundOf(c).db, row.id)),
);
