import { useCallback, useState } from "preact/hooks";
import { toast } from "../toast.tsx";

/** What was done, in words, and how to take it back. */
export type Done = { said: string; undo?: () => Promise<unknown> };

/**
 * Runs an act of one click: says what was done with an Undo in its toast, or why it failed. `after` asks the page
 * for what it now shows.
 */
export function useAct(after: () => void): {
  busy: boolean;
  act: (run: () => Promise<Done>) => Promise<void>;
} {
  const [busy, setBusy] = useState(false);
  const act = useCallback(
    async (run: () => Promise<Done>) => {
      setBusy(true);
      try {
        const { said, undo } = await run();
        if (undo) offerUndo(said, undo, after);
        else toast(said);
      } catch (error) {
        sayFailure(error);
      } finally {
        setBusy(false);
        after();
      }
    },
    [after],
  );
  return { busy, act };
}

/** Says what was done, with an Undo in its toast; `after` asks the page for what it shows once that is taken back. */
export function offerUndo(said: string, undo: () => Promise<unknown>, after: () => void): void {
  toast(said, { label: "Undo", run: () => takeBack(undo, after) });
}

async function takeBack(undo: () => Promise<unknown>, after: () => void): Promise<void> {
  try {
    await undo();
    toast("Taken back.");
  } catch (error) {
    sayFailure(error);
  }
  after();
}

function sayFailure(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error));
}
