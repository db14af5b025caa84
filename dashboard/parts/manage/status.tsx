import type { ComponentChildren } from "preact";
import { Glyph, type GlyphName } from "../glyph.tsx";

/** Glyph and word for how something stands. Coloured only where it is a verdict or harm. */
export function Status({ glyph, children }: { glyph: GlyphName; children: ComponentChildren }) {
  const isVerdict = !["fact", "ring", "open", "pass"].includes(glyph);
  return (
    <span class="v">
      <Glyph name={glyph} class={isVerdict ? glyph : "quiet"} />
      {children}
    </span>
  );
}
