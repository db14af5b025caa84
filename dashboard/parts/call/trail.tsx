import type { Call } from "../../../shared/api/calls.ts";
import { stationsOf, type TrailOptions } from "./stations.ts";
import { Stop } from "./stop.tsx";

/** The trail as a list of short stops: the drawer's first tab. */
export function CallTrail({ call, ...options }: TrailOptions & { call: Call }) {
  const stations = stationsOf(call, options);
  return (
    <ol class="way-list">
      {stations.map((station, index) => (
        <Stop key={station.id} station={station} zone={options.zone} last={index === stations.length - 1}>
          <b>{station.title}</b>
          {station.text && <p>{station.text}</p>}
        </Stop>
      ))}
    </ol>
  );
}
