import type { CallFlow } from "../../shared/api/ivr.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { namesForFlow } from "../campaigns/call-flows.ts";
import { isNumberOfNetwork } from "../inventory/numbers.ts";
import type { Db } from "../platform/db.ts";
import type { Fault } from "../platform/problem.ts";
import { checkMenu } from "../routing/model/ivr-graph.ts";

/**
 * Everything that is wrong with a call flow beyond its fields: its menu as a graph, targets and groups that are not
 * the campaign's, a caller id that is not the network's (a stranger's number is not shown to anybody).
 */
export async function flowFaults(
  db: Db,
  viewer: Viewer,
  campaign_id: string,
  flow: CallFlow,
): Promise<Fault[]> {
  const { menu, caller_id, dead_air_s } = flow;
  const faults = menu
    ? checkMenu(menu, dead_air_s).map((fault) => ({ ...fault, pointer: `/menu${fault.pointer}` }))
    : [];
  if (menu) faults.push(...(await namedFaults(db, campaign_id, menu)));
  if (caller_id.startsWith("+") && !(await isNumberOfNetwork(db, viewer.network_id, caller_id))) {
    faults.push({ pointer: "/caller_id", detail: "there is no such number of yours" });
  }
  return faults;
}

async function namedFaults(
  db: Db,
  campaign_id: string,
  { nodes }: NonNullable<CallFlow["menu"]>,
): Promise<Fault[]> {
  const { targets, groups } = await namesForFlow(db, campaign_id);
  return nodes.flatMap((node, i): Fault[] => {
    if (node.kind === "ring_group" && !groups.has(node.group_id)) {
      return [{ pointer: `/menu/nodes/${i}/group_id`, detail: "there is no such group of targets here" }];
    }
    if (node.kind !== "connect") return [];
    return (node.target_ids ?? []).flatMap((id, k) =>
      targets.has(id)
        ? []
        : [
            {
              pointer: `/menu/nodes/${i}/target_ids/${k}`,
              detail: "there is no such target of this campaign",
            },
          ],
    );
  });
}
