import type { Pool } from "../../../shared/api/inventory.ts";
import type { PoolAlert, PoolHealth } from "../../../shared/api/pool-health.ts";
import type { Doing } from "../../parts/form/use-do.ts";
import { Status } from "../../parts/manage/status.tsx";
import { alertWords, poolAdvice } from "./advice.ts";
import { poolSentence } from "./sentence.ts";

/** What the opening sentences do not say already. */
const TOLD: readonly PoolAlert["kind"][] = [
  "visitors_without_number",
  "calls_joined_wrongly",
  "hard_coded_number",
  "honeypot_called",
];

type Props = {
  pool: Pool;
  health: PoolHealth | null;
  /** The same with what was measured, once that is there. */
  measured: PoolHealth | null;
  zone: string;
  may: boolean;
  doing: Doing;
};

/** Is there a number for the next visitor, and what should its owner do? */
export function Opening({ pool, health, measured, zone, may, doing }: Props) {
  if (pool.retired_at !== null) return <p class="lead opening">This pool is retired and lends no numbers.</p>;
  if (!health) return null;
  const stands = poolSentence(health, zone);
  const advice = measured && poolAdvice(measured);
  const lines = advice
    ? advice.add > 0
      ? [advice.decides, `${advice.means} ${stands.decides}`]
      : [stands.decides, `${advice.decides} ${advice.means}`]
    : [stands.decides, stands.means];
  const needsMore = health.free === 0 || (advice !== null && advice.add > 0);
  return (
    <>
      <section class="advice" aria-label="In short">
        <div>
          {lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
        {may && doing.what !== "add" && (
          <button class={needsMore ? "btn main" : "btn"} type="button" onClick={() => doing.open("add")}>
            Add numbers
          </button>
        )}
      </section>
      {measured && <Alerts alerts={measured.alerts} />}
    </>
  );
}

function Alerts({ alerts }: { alerts: readonly PoolAlert[] }) {
  const told = alerts.filter(({ kind }) => TOLD.includes(kind));
  if (told.length === 0) return null;
  return (
    <ul class="pool-alerts" aria-label="To look at">
      {told.map((alert) => (
        <li key={alert.kind}>
          <Status glyph="rejected">{alertWords(alert)}</Status>{" "}
          {alert.kind === "hard_coded_number" && <a href="/numbers#strays">Which number</a>}
        </li>
      ))}
    </ul>
  );
}
