import type { Pool, Site } from "../../../shared/api/inventory.ts";
import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import { DAY_MS } from "../../../shared/instant.ts";
import { count, NOTHING, share, time } from "../../format.ts";
import { type Figure, Figures } from "../../parts/figures.tsx";
import { writeDuration } from "../../parts/form/amounts.ts";
import { Section } from "../../parts/page.tsx";
import { metric, type Report, useReport } from "../../report.ts";
import { minute, nextFreeAt } from "./sentence.ts";

const HOUR_STEP_MS = 3_600_000;

/** What the sites of a pool asked for in the last 24 hours: page views that wanted a number, and those that got none. */
function ofSites(report: Report | null, sites: readonly Site[] | null) {
  if (!report || !sites) return null;
  const ids = new Set(sites.map(({ id }) => id));
  const rows = report.data.filter((row) => ids.has(String(row.site_id)));
  const sum = (name: string) => rows.reduce((total, row) => total + metric(row, name), 0);
  return { leases: sum("leases"), blocked: sum("blocked_sessions") };
}

/** How the pool stands now, and how often it ran dry in the last 24 hours. */
export function PoolFigures(props: {
  pool: Pool;
  health: PoolHealth;
  sites: readonly Site[] | null;
  zone: string;
}) {
  const { pool, health, sites, zone } = props;
  const to = Math.ceil(health.as_of / HOUR_STEP_MS) * HOUR_STEP_MS;
  const report = useReport({
    group_by: "site_id",
    metrics: "leases,blocked_sessions",
    campaign_id: pool.campaign_id,
    from: to - DAY_MS,
    to,
  });
  const asked = ofSites(report.data, sites);
  const next = nextFreeAt(health.states);
  const figures: Figure[] = [
    { id: "free", label: "Free", value: count(health.free), detail: `of ${count(health.numbers)}` },
    {
      id: "leased",
      label: "Leased",
      value: count(health.leased),
      detail: `as of ${time(health.as_of, zone)}`,
    },
    {
      id: "cooling",
      label: `Cooling, ${writeDuration(pool.cooldown_s)} each`,
      value: count(health.cooling),
      detail: next === null ? "all are free" : `next free at ${minute(next, zone)}`,
    },
    {
      id: "lease",
      label: "Lease",
      value: writeDuration(pool.lease_ttl_s),
      detail: "renewed if kept open",
    },
    {
      id: "leases",
      label: "Leases, 24 h",
      value: asked ? count(asked.leases) : NOTHING,
      detail:
        health.numbers > 0 && asked ? `${(asked.leases / health.numbers).toFixed(1)} a number` : "\u00a0",
    },
    {
      id: "blocked",
      label: "Found none, 24 h",
      value: asked ? count(asked.blocked) : NOTHING,
      detail: asked ? `${share(asked.blocked, asked.blocked + asked.leases)} of page views` : "\u00a0",
    },
  ];
  return (
    <Section id="now" title="Now" hidden>
      <Figures figures={figures} label="How the pool stands now" />
    </Section>
  );
}
