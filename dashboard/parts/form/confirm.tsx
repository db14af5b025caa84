import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../dialog.tsx";

/**
 * Asks before money moves or something cannot be taken back, and does it.
 * @param props.title names the act and the count: "Retire 1 number?"
 * @param props.act the main button, the same act: "Retire 1 number"
 * @param props.keep the other one: "Keep it"
 * @param props.run does it; what it throws is shown in the dialog, which stays
 */
export function Confirm(props: {
  title: string;
  act: string;
  keep: string;
  run: () => Promise<void>;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const { title, act, keep, run, onClose, children } = props;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const confirm = async () => {
    setBusy(true);
    setWrong(null);
    try {
      await run();
      onClose();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      acts={
        <>
          <button class="btn main" type="button" disabled={busy} onClick={confirm}>
            {act}
          </button>
          <button class="btn" type="button" onClick={onClose}>
            {keep}
          </button>
        </>
      }
    >
      {children}
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </Dialog>
  );
}
