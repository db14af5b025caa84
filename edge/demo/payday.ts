import type { StatementPayment } from "../../shared/api/statements.ts";
import type { Instant } from "../../shared/instant.ts";
import { monthAt, monthRange } from "../reporting/model/period.ts";
import type { Cast } from "./cast.ts";
import type { DemoClient } from "./client.ts";

/**
 * Marks the calendar month before `at` as paid, by the network's clock: by the advertiser, and to Fernhill. The other
 * publishers still wait for theirs.
 */
export async function payMonthBefore(client: DemoClient, cast: Cast, at: Instant): Promise<void> {
  const { timezone } = await client.ask<{ timezone: string }>("/api/v1/network", { at, method: "GET" });
  const period = monthAt(monthRange(monthAt(at, timezone), timezone).from_at - 1, timezone);
  for (const [organization_id, reference] of [
    [cast.advertiser_id, `Invoice ${period}`],
    [cast.publishers.fernhill, `Payout ${period}`],
  ] as const) {
    for (let remaining = 1; remaining > 0; ) {
      const paid = await client.ask<StatementPayment>("/api/v1/statements/payments", {
        at,
        json: { organization_id, period, reference },
      });
      remaining = paid.remaining;
    }
  }
}
