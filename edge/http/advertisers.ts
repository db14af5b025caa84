import { countCampaigns } from "../campaigns/store.ts";
import { inUseText } from "../inventory/in-use.ts";
import { groundOf } from "./support/commit.ts";
import { sideRoutes } from "./support/sides.ts";

/** `/advertisers`: who buys the calls. */
export const advertisers = sideRoutes("advertiser", async (c, row) =>
  inUseText({ campaigns: await countCampaigns(groundOf(c).db, row.id) }),
);
