import type { Call } from "../../../shared/api/calls.ts";
import { Code } from "../copy.tsx";

/** The call as the API answers it, for those who integrate. */
export function RawCall({ call, open }: { call: Call; open?: boolean }) {
  const text = JSON.stringify(call, null, 2);
  if (open) return <Code text={text} what="the call as JSON" />;
  return (
    <details class="raw">
      <summary>As JSON</summary>
      <Code text={text} what="the call as JSON" />
    </details>
  );
}
