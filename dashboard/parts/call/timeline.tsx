import type { Call } from "../../../shared/api/calls.ts";
import { time } from "../../format.ts";
import { TableFrame } from "../table-frame.tsx";
import { sayMeasure } from "./measure.ts";

/** Every event of the call in the order in which it was told: the provider's reports, the join, the judgements. */
export function Timeline({ call, zone }: { call: Call; zone: string }) {
  if (!call.timeline || call.timeline.length === 0) return null;
  return (
    <TableFrame>
      <table class="events tall">
        <caption class="vh">Events of the call</caption>
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Event</th>
            <th scope="col" class="c1">
              What was told
            </th>
          </tr>
        </thead>
        <tbody>
          {call.timeline.map((step) => (
            <tr key={`${step.kind} ${step.at} ${step.detail}`}>
              <td class="nowrap">{time(step.at, zone)}</td>
              <th scope="row">
                {step.kind.replaceAll("_", " ")}
                <span class="fold k1">{sayMeasure(step.detail)}</span>
              </th>
              <td class="c1 soft">{sayMeasure(step.detail)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
