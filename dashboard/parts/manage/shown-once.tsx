import type { ComponentChildren } from "preact";
import { Code } from "../copy.tsx";
import { Panel } from "./panel.tsx";

/**
 * A secret when it was made, the only time it is shown.
 * @param props.what in words: "the key"
 * @param props.done called when the person says that it is copied
 */
export function ShownOnce(props: {
  title: string;
  lead: ComponentChildren;
  text: string;
  what: string;
  done: () => void;
}) {
  const { title, lead, text, what, done } = props;
  return (
    <Panel title={title} lead={lead}>
      <Code text={text} what={what} />
      <div>
        <button class="btn main" type="button" onClick={done}>
          I have copied it
        </button>
      </div>
    </Panel>
  );
}
