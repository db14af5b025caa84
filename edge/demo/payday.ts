import type { StatementPayment } from "../../shared/api/statements.ts";
import type { Instant } from "../../shared/instant.ts";
import { monthAt, monthRange } from "../reporting/model/period.ts";
import type { Cast } from "./cast.ts";
import type { DemoClient } from "./client.ts";

/**
 * Marks every month of `[from, at)` that is over at `at`, by the network's clock, as paid: by the advertiser, and to
 * Fernhill. The other publishers still wait for theirs.
 */
export async function payPastMonths(
  client: DemoClient,
  cast: Cast,
  from: Instant,
  at: Instant,
): Promise<void> {
  const { timezone } = await client.ask<{ timezone: string }>("/api/v1/network", { at, method: "GET" });
  const monthOf = (moment: Instant) => monthRange(monthAt(moment, timezone), timezone);
  for (let month = monthOf(from); month.to_at <= at; month = monthOf(month.to_at)) {
    const period = monthAt(month.from_at, timezone);
    await payMonth(client, cast.advertiser_id, period, `Invoice ${period}`, at);
    await payMonth(client, cast.publishers.fernhill, period, `Payout ${period}`, at);
  }
}

async function payMonth(
  client: DemoClient,
  organization_id: string,
  period: string,
  reference: string,
  at: Instant,
): Promise<void> {
  for (let remaining = 1; remaining > 0; ) {
    const json = { organization_id, period, reference };
    const paid = await client.ask<StatementPayment>("/api/v1/statements/payments", { at, json });
    remaining = paid.remaining;
  }
}
