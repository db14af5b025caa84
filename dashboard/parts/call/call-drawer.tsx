import type { Call } from "../../../shared/api/calls.ts";
import { mayReadMoney } from "../../may.ts";
import { useMe } from "../../session.ts";
import type { UrlState } from "../../url-state.ts";
import { Drawer } from "../drawer.tsx";
import { Fault, Skeleton } from "../states.tsx";
import type { Directory } from "./directory.ts";
import { CallDrawerBody } from "./drawer-body.tsx";
import { useCall } from "./use-call.ts";

/**
 * A call beside its list. The row's own call is shown at once, the full one when it is here.
 * @param props.rows the list, newest first: what previous and next go through
 */
export function CallDrawer(props: { id: string; rows: readonly Call[]; names: Directory; url: UrlState }) {
  const { id, rows, names, url } = props;
  const me = useMe();
  const { call, entries } = useCall(id, mayReadMoney(me));
  const at = rows.findIndex((row) => row.id === id);
  const shown = call.data ?? rows[at] ?? null;
  const hrefOf = (row: Call | undefined) => (row && at !== -1 ? url.href({ call: row.id }) : null);
  const zone = names.zoneOf(shown?.campaign_id ?? null);
  return (
    <Drawer
      id={id}
      what="call"
      label="Call"
      closeHref={url.href({ call: null })}
      previousHref={hrefOf(rows[at - 1])}
      nextHref={hrefOf(rows[at + 1])}
      fullHref={`/calls/${id}`}
      go={url.go}
    >
      <Fault what="The call" of={call} zone={zone} />
      <Fault what="The postings" of={entries} zone={zone} />
      {shown ? (
        <CallDrawerBody
          key={id}
          call={shown}
          entries={entries.data}
          kind={me.organization.kind}
          names={names}
          zone={zone}
        />
      ) : (
        call.slow && <DrawerSkeleton />
      )}
    </Drawer>
  );
}

function DrawerSkeleton() {
  return (
    <div aria-busy="true" class="stack">
      <Skeleton width="11rem" height="1.25rem" />
      <Skeleton width="15rem" />
      <Skeleton width="100%" height="3rem" />
      <Skeleton width="100%" height="3.5rem" />
      {["70%", "85%", "60%", "75%", "65%"].map((width) => (
        <Skeleton key={width} width={width} height="2.25rem" />
      ))}
    </div>
  );
}
