import { type ComponentChildren, createContext } from "preact";
import { useId } from "preact/hooks";

/** What the panel around a part does, its record included. */
export const PanelTitle = createContext("");

/**
 * A form that opened in the page: between hairlines, above what it changes.
 * @param props.title what it does, verb first: "Add numbers"
 * @param props.lead what will happen, in a sentence
 */
export function Panel(props: { title: string; lead?: ComponentChildren; children: ComponentChildren }) {
  const { title, lead, children } = props;
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead && <p class="note">{lead}</p>}
      <PanelTitle.Provider value={title}>{children}</PanelTitle.Provider>
    </section>
  );
}
