import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

/**
 * A native modal dialog, open as long as it is rendered. Escape and a click on the backdrop close it.
 * Only where money moves or something is chosen: what can be undone is done at once and undone by a toast.
 * @param props.title names the act and the count: "Reverse 38 postings?"
 * @param props.acts the buttons; the main one names the act
 */
export function Dialog(props: {
  title: string;
  class?: string;
  hideTitle?: boolean;
  onClose: () => void;
  acts?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { title, class: style, hideTitle, onClose, acts, children } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  // Before the effects of what is inside: opening moves the focus, and a field in it that takes the focus is last.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => {
      gone.current = true;
      shown?.close();
    };
  }, []);
  // The event comes late: that of a dialog taken away must not close the next one.
  const onClosed = () => {
    if (!gone.current) onClose();
  };
  const onClick = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  // Escape is the dialog's own key: it arrives as `close`.
  return (
    <dialog
      ref={dialog}
      class={style}
      aria-labelledby={id}
      onClose={onClosed}
      onClick={onClick}
      onKeyDown={stay}
    >
      <div class="box">
        <h2 id={id} class={hideTitle ? "vh" : undefined}>
          {title}
        </h2>
        {children}
        {acts && <div class="acts">{acts}</div>}
      </div>
    </dialog>
  );
}

/** Keys inside a dialog are its own. */
function stay(event: KeyboardEvent): void {
  if (event.key !== "Escape") event.stopPropagation();
}
