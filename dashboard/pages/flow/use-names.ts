import { displayNumber } from "../../../shared/phone-number.ts";
import { groupsOf, targetsOf, useWhole } from "../../lists.ts";
import { useMe } from "../../session.ts";
import type { FlowNames } from "./words.ts";

/** What a campaign's targets and groups are called, as far as they are read. */
export function useFlowNames(campaign_id: string): FlowNames {
  const targets = useWhole(targetsOf(campaign_id)).data?.data ?? [];
  // Groups are the network's own business.
  const isNetwork = useMe().organization.kind === "network";
  const groups = useWhole(isNetwork ? groupsOf(campaign_id) : null).data?.data ?? [];
  return {
    target: (id) => {
      const target = targets.find((one) => one.id === id);
      return target ? (target.name ?? displayNumber(target.number)) : "a target";
    },
    group: (id) => groups.find((one) => one.id === id)?.name ?? "a group of targets",
  };
}
