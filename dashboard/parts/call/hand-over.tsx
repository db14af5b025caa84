import { useState } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ApiProblem, ask, client } from "../../api.ts";
import { mayManage } from "../../may.ts";
import { useMe } from "../../session.ts";
import { toast } from "../toast.tsx";
import { isWithQualifier } from "./with-qualifier.ts";

/** While a qualifier talks to the caller: rings the buyer, so that all three meet. */
export function HandOver({ call }: { call: Call }) {
  const me = useMe();
  const [standing, setStanding] = useState<{ is_asking: boolean; failure: string | null }>({
    is_asking: false,
    failure: null,
  });
  if (!mayManage(me) || !isWithQualifier(call)) return null;
  const bring = async () => {
    setStanding({ is_asking: true, failure: null });
    try {
      const { target } = await ask(client.calls[":id"]["hand-over"].$post, { param: { id: call.id } });
      toast(`${displayNumber(target)} rings. The qualifier talks on until it is picked up.`);
      setStanding({ is_asking: false, failure: null });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setStanding({ is_asking: false, failure: error.message });
    }
  };
  return (
    <div class="recording">
      <span>A qualifier talks to the caller.</span>
      <button class="btn" type="button" disabled={standing.is_asking} onClick={bring}>
        {standing.is_asking ? "Ringing…" : "Bring in the buyer"}
      </button>
      {standing.failure !== null && (
        <span class="wrong" role="alert">
          {standing.failure}
        </span>
      )}
    </div>
  );
}
