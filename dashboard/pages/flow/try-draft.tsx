import { useState } from "preact/hooks";
import type { CallFlow } from "../../../shared/api/ivr.ts";
import { ApiProblem, ask, client, type FieldFault } from "../../api.ts";
import { readFlow } from "./draft.ts";

/** What a form holds by its fields' names. */
function valuesOf(form: HTMLFormElement | null): Record<string, string> {
  const values: Record<string, string> = {};
  if (!form) return values;
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  return values;
}

/**
 * Inside the form of a call flow: has what stands there checked, and drawn and tried out below before it is saved. What
 * is wrong with it is listed with its places.
 */
export function TryDraft(props: { campaign_id: string; onTry: (flow: CallFlow) => void }) {
  const { campaign_id, onTry } = props;
  const [faults, setFaults] = useState<readonly FieldFault[] | null>(null);
  const [busy, setBusy] = useState(false);
  const tryIt = async (form: HTMLFormElement | null) => {
    const draft = readFlow(valuesOf(form));
    if (!draft.ok) return setFaults(draft.error);
    setBusy(true);
    try {
      const param = { id: campaign_id };
      await ask(client.campaigns[":id"]["call-flows"].try.$post, { param, json: { flow: draft.value } });
      setFaults([]);
      onTry(draft.value);
    } catch (error) {
      const inside = error instanceof ApiProblem ? error.errors : [];
      const told = inside.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/flow/, ""), detail }));
      setFaults(told.length > 0 ? told : [{ pointer: "", detail: String(error) }]);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="field whole">
      <p>
        <button
          class="btn"
          type="button"
          disabled={busy}
          onClick={(event) => tryIt(event.currentTarget.form)}
        >
          Draw and try it below
        </button>
      </p>
      <div aria-live="polite">
        {faults?.length === 0 && (
          <p class="hint">It holds together. Below it is drawn as it stands here, unsaved.</p>
        )}
        {faults !== null && faults.length > 0 && (
          <ul class="wrong">
            {faults.map(({ pointer, detail }) => (
              <li key={pointer + detail}>
                {pointer !== "" && <code>{pointer}</code>} {detail}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
