import type { ComponentChildren } from "preact";
import type { Method, VerdictStatus } from "../../shared/api/calls.ts";

/** Icons of the sprite in index.html. */
export type IconName =
  | "caret"
  | "left"
  | "right"
  | "up"
  | "down"
  | "close"
  | "open"
  | "columns"
  | "copy"
  | "check"
  | "search"
  | "download";

/** A 16 px line icon. It says nothing to a screen reader: name the button around it. */
export function Icon({ name, class: extra = "" }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${extra}`} viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg class="mark" aria-hidden="true">
      <use href="#mark" />
    </svg>
  );
}

/** The ends of a trail (verdicts) and its stations. */
export type GlyphName = VerdictStatus | "fact" | "ring" | "open" | "pass";

/** A 12 px glyph in the verdict's colour, or in the text's own for stations. Never alone: a word stands beside it. */
export function Glyph({ name, class: extra }: { name: GlyphName; class?: string }) {
  return (
    <svg class={`g ${extra ?? name}`} aria-hidden="true">
      <use href={`#g-${name}`} />
    </svg>
  );
}

export const VERDICT_WORDS: Record<VerdictStatus, string> = {
  pending: "Pending",
  qualified: "Qualified",
  held: "Held",
  paid: "Paid",
  rejected: "Rejected",
  reversed: "Reversed",
};

/** Glyph and word, the word in ink: for tables. */
export function Verdict({ status }: { status: VerdictStatus }) {
  return (
    <span class="v">
      <Glyph name={status} />
      {VERDICT_WORDS[status]}
    </span>
  );
}

/** Glyph and word on a tint of the verdict's colour: for headings. */
export function VerdictTag({ status }: { status: VerdictStatus }) {
  return (
    <span class={`tag ${status}`}>
      <Glyph name={status} />
      {VERDICT_WORDS[status]}
    </span>
  );
}

export const METHOD_WORDS: Record<Method, string> = {
  lease: "Lease",
  late_lease: "Late lease",
  static_number: "Static number",
  none: "Not attributed",
};

/** How far a call came after it rang. */
export type CallEnd = "answered" | "missed" | "ringing" | "unreported";

const WAYS: Record<Method, string | null> = {
  lease: "w-lease",
  late_lease: "w-late",
  static_number: "w-static",
  none: null,
};
const END_WORDS: Record<CallEnd, string> = {
  answered: "answered",
  missed: "not answered",
  ringing: "ringing",
  unreported: "not reported yet",
};

/**
 * The trail of a call in a table's cell: line style by method, how far it came, its verdict's glyph and word.
 * Read out as "Lease, answered: Held". `verdict` null while it rings; `word` replaces the verdict's own word;
 * `children` follow the word where the table is narrow (a duration, say).
 */
export function TrailGlyph(props: {
  method: Method;
  end: CallEnd;
  verdict: VerdictStatus | null;
  word?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const { method, end, verdict, children } = props;
  const way = WAYS[method];
  const word = props.word ?? (verdict ? VERDICT_WORDS[verdict] : "Ringing");
  return (
    <span class="trail">
      <svg class="way" aria-hidden="true">
        {way && <use href={`#${way}`} />}
        <use href={`#w-${end}`} />
      </svg>
      <span class="vh">{`${METHOD_WORDS[method]}, ${END_WORDS[end]}: `}</span>
      {verdict ? <Glyph name={verdict} /> : <svg class="g" aria-hidden="true" />}
      <span class="w">
        {word}
        {children !== undefined && <span class="fold-i"> {children}</span>}
      </span>
    </span>
  );
}
