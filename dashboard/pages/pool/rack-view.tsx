import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import type { Instant } from "../../../shared/instant.ts";
import { count } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { RACK_MAX, rackLabels } from "./rack.ts";
import { stateWords } from "./sentence.ts";

/** Every number of the pool as it stands now, one cell each: leased, cooling or free, and for how long. */
export function Rack({ health, now }: { health: PoolHealth; now: Instant }) {
  const shown = health.states.slice(0, RACK_MAX);
  const { prefix, labels } = rackLabels(shown.map(({ e164 }) => e164));
  const more = health.states.length - shown.length;
  const digits = prefix === null ? null : `${prefix} and these digits`;
  return (
    <Section
      id="rack"
      title="Numbers now"
      aside={more > 0 ? `the first ${count(RACK_MAX)} of ${count(health.numbers)}` : digits}
    >
      <ul class={labels.some((label) => label.length > 8) ? "rack whole" : "rack"}>
        {shown.map((number, index) => (
          <li key={number.number_id} class={number.state}>
            {labels[index]}
            <span>{stateWords(number, now)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
