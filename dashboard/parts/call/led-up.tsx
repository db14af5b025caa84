import { useState } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import type { CallHistory, CallTouch } from "../../../shared/api/touches.ts";
import { ask, client } from "../../api.ts";
import { dateTime, NOTHING, share } from "../../format.ts";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { Fault } from "../states.tsx";
import { TableFrame } from "../table-frame.tsx";

/** What the credit for a call may be shared by, as columns; money knows the last alone. */
const MODELS = [
  { model: "last", says: "Last", fold: "" },
  { model: "first", says: "First", fold: "c1" },
  { model: "linear", says: "Linear", fold: "c2" },
  { model: "position", says: "Position", fold: "c2" },
  { model: "time_decay", says: "Decay", fold: "c2" },
] as const;

/** The visitor's visits before the call with their share of the credit, and the caller's earlier calls: for its network. */
export function LedUp({ call, zone }: { call: Call; zone: string }) {
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const history = useResource<CallHistory>(isOpen ? `history ${call.id}` : null, (signal) =>
    ask(client.calls[":id"].history.$get, { param: { id: call.id } }, signal),
  );
  if (me.organization.kind !== "network" || me.role === "billing") return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What led up to it</summary>
      <div class="stack">
        <Fault what="The history" of={history} zone={zone} />
        {history.data && <Touches history={history.data} zone={zone} />}
        {history.data && <EarlierCalls calls={history.data.earlier_calls} zone={zone} />}
      </div>
    </details>
  );
}

function Touches({ history, zone }: { history: CallHistory; zone: string }) {
  if (history.touches.length === 0) return <p class="note">The call was joined to no visit.</p>;
  return (
    <TableFrame>
      <table class="tall">
        <caption class="vh">
          The visitor's visits in the 30 days before, and their share of the credit
        </caption>
        <thead>
          <tr>
            <th scope="col">Visit</th>
            <th scope="col" class="c1">
              Came from
            </th>
            {MODELS.map(({ model, says, fold }) => (
              <th key={model} scope="col" class={`num ${fold}`}>
                {says}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {history.touches.map((touch) => (
            <tr key={touch.session_id}>
              <th scope="row">
                {dateTime(touch.at, zone)}
                <span class="fold k1">{cameFrom(touch)}</span>
              </th>
              <td class="c1 soft">{cameFrom(touch)}</td>
              {MODELS.map(({ model, fold }) => (
                <td key={model} class={`num ${fold}`}>
                  {share(touch.shares[model], 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {history.more && <p class="note">Older visits are left out, and share nothing.</p>}
    </TableFrame>
  );
}

function cameFrom({ source, medium, campaign, landing_path }: CallTouch): string {
  const sent = [source, medium].filter(Boolean).join(" / ");
  return [sent, campaign, landing_path].filter(Boolean).join(", ") || NOTHING;
}

function EarlierCalls({ calls, zone }: { calls: CallHistory["earlier_calls"]; zone: string }) {
  if (calls.length === 0) return <p class="note">The caller had not called before.</p>;
  return (
    <p class="note">
      {calls.length === 1 ? "The caller had called before: " : "The caller had called before, latest first: "}
      {calls.map(({ call_id, started_at }, place) => (
        <span key={call_id}>
          {place > 0 && "; "}
          <a href={`/calls/${call_id}`}>{dateTime(started_at, zone)}</a>
        </span>
      ))}
    </p>
  );
}
