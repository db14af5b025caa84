import { useState } from "preact/hooks";
import { bucketAt } from "./scale.ts";

/**
 * The cursor of a plot over `total` buckets: the pointer, or the arrow keys, Home and End while it has the
 * focus. Where nobody pointed it stands at `rest`. `pick` is told of a click or Enter.
 */
export function useCursor(total: number, rest: number, pick?: (index: number) => void) {
  const [at, setAt] = useState<number | null>(null);
  const index = Math.max(0, Math.min(total - 1, at ?? rest));
  const follow = (event: PointerEvent) => {
    if (!(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    setAt(bucketAt(event.clientX - box.left, box.width, total));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: total - 1 }[event.key];
    if (to !== undefined) setAt(Math.max(0, Math.min(total - 1, to)));
    else if (event.key === "Enter" && pick) pick(index);
    else return;
    // The range picker has arrows too; here they move the cursor.
    event.preventDefault();
  };
  return {
    index,
    /** Spread on the `<svg>`. */
    handlers: {
      // In SVG, attributes keep their case, and only `tabindex` is one.
      tabindex: 0,
      onKeyDown,
      onPointerMove: follow,
      onPointerLeave: () => setAt(null),
      ...(pick ? { onClick: () => pick(index) } : {}),
    },
  };
}
