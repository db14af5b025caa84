import { count } from "../format.ts";
import { flowPath } from "./scale.ts";

/** One stage of the way from page view to money: its words, how many came this far, and a few small words. */
export type Stage = { id: string; label: string; value: number; detail: string };

/** The trail of all calls: one line, as wide at each stage as its count. The figures below it say the same. */
export function Funnel({ stages }: { stages: readonly Stage[] }) {
  const path = flowPath(
    stages.map((stage) => stage.value),
    1000,
    60,
  );
  return (
    <>
      <svg class="flow" height="60" viewBox="0 0 1000 60" preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      <dl class="steps" style={{ "--n": stages.length }}>
        {stages.map((stage) => (
          <div key={stage.id}>
            <dt>{stage.label}</dt>
            <dd>
              {count(stage.value)}
              <small>{stage.detail}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
