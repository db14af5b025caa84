import { useState } from "preact/hooks";
import { Icon } from "./glyph.tsx";
import { toast } from "./toast.tsx";

const SAYS_COPIED_MS = 2_000;

/**
 * Copies `text`. With `label` a button with words, else the icon alone, named "Copy `what`".
 * @param props.what what is copied, in words: "the call id", "the snippet"
 */
export function CopyButton(props: { text: string; what: string; label?: string }) {
  const { text, what, label } = props;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SAYS_COPIED_MS);
    } catch {
      toast(`The browser did not allow copying ${what}.`);
    }
  };
  return (
    <button
      class={label ? "btn" : "btn bare"}
      type="button"
      aria-label={label ? undefined : copied ? "Copied" : `Copy ${what}`}
      onClick={copy}
    >
      {label ? copied ? "Copied" : label : <Icon name={copied ? "check" : "copy"} />}
    </button>
  );
}

/** A snippet to paste elsewhere, with its copy button. */
export function Code({ text, what }: { text: string; what: string }) {
  return (
    <div class="code">
      <pre>{text}</pre>
      <CopyButton text={text} what={what} label="Copy" />
    </div>
  );
}
