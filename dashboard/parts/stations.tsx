import type { ComponentChildren } from "preact";
import { Glyph, type GlyphName } from "./glyph.tsx";

/**
 * One station of a trail, inside `<ol class="way-list">`.
 * @param props.line what leads on to the next one: `fact` solid, `guess` dashed (inferred), `wait` hairline
 *   (still to come), `end` none
 * @param props.todo true for a station that is not reached yet
 * @param props.time a `<time>` for the left column, if the trail has one
 */
export function Station(props: {
  glyph: GlyphName;
  line?: "fact" | "guess" | "wait" | "end";
  todo?: boolean;
  time?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { glyph, line = "fact", todo, time, children } = props;
  const solid = glyph === "fact";
  const isVerdict = !["fact", "ring", "open", "pass"].includes(glyph);
  const style = ["st", line === "fact" ? "" : line, todo ? "todo" : ""].filter(Boolean).join(" ");
  return (
    <li class={style}>
      {time}
      <span class={solid ? "dot f" : "dot"}>
        <Glyph name={glyph} class={isVerdict ? glyph : ""} />
      </span>
      <div>{children}</div>
    </li>
  );
}
