import type { ComponentChildren } from "preact";
import { NOTHING, time } from "../../format.ts";
import { Glyph } from "../glyph.tsx";
import type { Station, StationGlyph } from "./stations.ts";

/** A static number's square and a missed call's bar; every other end is in the sprite. */
function StopGlyph({ glyph }: { glyph: StationGlyph }) {
  if (glyph === "square" || glyph === "bar") {
    return (
      <svg class="g" viewBox="0 0 12 12" aria-hidden="true">
        <path
          d={glyph === "square" ? "M2.8 2.8h6.4v6.4H2.8z" : "M1.5 6h9"}
          fill="none"
          stroke="currentColor"
          stroke-width={glyph === "square" ? 1.5 : 2}
        />
      </svg>
    );
  }
  const isVerdict = glyph !== "fact" && glyph !== "ring" && glyph !== "open";
  return <Glyph name={glyph} class={isVerdict ? glyph : ""} />;
}

/**
 * One stop of a call's trail, inside `<ol class="way-list">`.
 * @param props.beside a second line under the time: how long after the stop before, or the day
 */
export function Stop(props: {
  station: Station;
  zone: string;
  beside?: string;
  last: boolean;
  children: ComponentChildren;
}) {
  const { station, zone, beside, last, children } = props;
  const { glyph, line, ahead, at } = station;
  const style = [
    "st",
    last ? "end" : line === "guess" ? "guess" : line === "todo" ? "wait" : "",
    ahead ? "todo" : "",
  ];
  return (
    <li class={style.filter(Boolean).join(" ")}>
      {at === null ? (
        <span class="when quiet">{ahead ? NOTHING : ""}</span>
      ) : (
        <time class="when" dateTime={new Date(at).toISOString()}>
          {time(at, zone)}
          {beside && <small>{beside}</small>}
        </time>
      )}
      <span class={glyph === "fact" ? "dot f" : "dot"}>
        <StopGlyph glyph={glyph} />
      </span>
      <div>{children}</div>
    </li>
  );
}
