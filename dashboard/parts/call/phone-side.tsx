import type { Call } from "../../../shared/api/calls.ts";
import type { RouteDecision } from "../../../shared/api/routing.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { time } from "../../format.ts";
import { ConsideredList } from "../routing/considered.tsx";
import { actionWords, reasonWords } from "../routing/words.ts";

/** What the caller pressed in the call flow, question by question. */
export function Pressed({ call }: { call: Call }) {
  const pressed = Object.entries(call.pressed);
  if (pressed.length === 0) return null;
  return (
    <dl class="facts">
      {pressed.map(([question, keys]) => (
        <div key={question} class="fact">
          <dt>Pressed at “{question}”</dt>
          <dd>
            <b>{keys}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Each time the call was told something: who was rung, why, and why not the others. Absent for who may not see targets. */
export function Routed({ call, zone }: { call: Call; zone: string }) {
  const decisions = (call.routing ?? []).filter(isTelling);
  if (decisions.length === 0) return null;
  return (
    <details class="routed">
      <summary>Who was rung, and why not the others</summary>
      <ol>
        {decisions.map((decision) => (
          <li key={`${decision.at}${decision.action}`}>
            <p>
              <span class="quiet">{time(decision.at, zone)}</span> {actionWords(decision.action)}
              {decision.targets.length > 0 && ` ${decision.targets.map(displayNumber).join(" and ")}`}:{" "}
              {reasonWords(decision.reason)}
              {decision.blind && ", while the database was silent: caps were not looked at"}.
            </p>
            {decision.considered.length > 0 && <ConsideredList considered={decision.considered} />}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** A call that was simply put through to its campaign's one number says nothing that is not said above. */
function isTelling({ considered, reason }: RouteDecision): boolean {
  return considered.length > 0 || reason !== "destination";
}
