import type { ComponentChildren } from "preact";

/**
 * Words with a live dot before them. The dot pulses twice when `beat` (the count it stands for) changes,
 * never forever.
 */
export function Live(props: { beat: string | number; href?: string; children: ComponentChildren }) {
  const { beat, href, children } = props;
  const inside = (
    <>
      <i key={beat} class="dot-live" />
      {children}
    </>
  );
  return href ? (
    <a class="live" href={href}>
      {inside}
    </a>
  ) : (
    <span class="live">{inside}</span>
  );
}
