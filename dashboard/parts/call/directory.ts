import type { Campaign } from "../../../shared/api/campaigns.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { choicesOf, useNames } from "../../names.ts";
import { useMe } from "../../session.ts";
import type { Option } from "../picker.tsx";
import type { Names } from "./names.ts";

/** Names for everything a call refers to, and the choices of its filters. */
export type Directory = Names & {
  campaigns: readonly Option[];
  publishers: readonly Option[];
  advertisers: readonly Option[];
};

/**
 * A hold as the terms tell it: the side's own, else the common one. Advertisers and publishers are sent the terms
 * that bind them; a network is sent the campaign's, which an enrollment may still replace for its publisher.
 */
function holdOf(campaign: Campaign | undefined, version: number, side: "revenue" | "payout"): number | null {
  const terms = campaign?.terms;
  if (!terms || terms.version !== version) return null;
  const own = terms[side];
  const held = typeof own === "object" && own !== null && "hold_s" in own ? own.hold_s : terms.hold_s;
  return typeof held === "number" ? held : null;
}

/** What the viewer may name; an id without a name is shown as it is. Sites are named to their network only. */
export function useDirectory(): Directory {
  const me = useMe();
  const known = useNames();
  const isNetwork = me.organization.kind === "network";
  const sites = useWhole(isNetwork ? LISTS.sites : null);
  const named = (id: string): string | null => {
    const name = known.of(id);
    return name === id ? null : name;
  };
  return {
    organization: named,
    campaign: named,
    site(id) {
      const origin = sites.data?.data.find((site) => site.id === id)?.origins[0];
      return origin?.replace(/^https?:\/\//, "") ?? null;
    },
    hold_s: (id, version, side) =>
      holdOf(
        known.campaigns.find((campaign) => campaign.id === id),
        version,
        side,
      ),
    zoneOf: (id) => known.campaigns.find((campaign) => campaign.id === id)?.timezone ?? me.network.timezone,
    campaigns: choicesOf(known.campaigns),
    publishers: choicesOf(known.publishers),
    advertisers: choicesOf(known.advertisers),
  };
}
