import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * What stands around every table. Where the table fits, its head sticks to the window's top; where it is wider than
 * its room it scrolls by itself, and a head cannot stick to two things at once.
 */
export function TableFrame(props: { busy?: boolean | undefined; children: ComponentChildren }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const room = frame.current;
    const table = room?.querySelector("table");
    if (!room || !table) return;
    const look = () => room.classList.toggle("fits", table.offsetWidth <= room.clientWidth);
    const watch = new ResizeObserver(look);
    watch.observe(room);
    watch.observe(table);
    look();
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={frame} class="tw" aria-busy={props.busy}>
      {props.children}
    </div>
  );
}
