import type { Campaign } from "../shared/api/campaigns.ts";
import type { Organization } from "../shared/api/organizations.ts";
import { LISTS, useWhole } from "./lists.ts";
import { useMe } from "./session.ts";

/** What an organization's ids stand for, for filters and tables. */
export type Names = {
  /** The name of a campaign, advertiser or publisher; its id while it is not known. */
  of(id: string): string;
  campaigns: readonly Campaign[];
  publishers: readonly Organization[];
  advertisers: readonly Organization[];
  /** The currencies of these campaigns, each once. */
  currencies: readonly string[];
};

/** Campaigns and both sides' organizations, as far as the viewer may list them; empty while they load. */
export function useNames(): Names {
  const { organization, network } = useMe();
  const isNetwork = organization.kind === "network";
  const campaigns = useWhole(LISTS.campaigns);
  const publishers = useWhole(isNetwork ? LISTS.publishers : null);
  const advertisers = useWhole(isNetwork ? LISTS.advertisers : null);
  return namesOf(campaigns.data?.data ?? [], publishers.data?.data ?? [], advertisers.data?.data ?? [], [
    network,
    organization,
  ]);
}

/** The same from lists that are already there. `own`: who is told to the viewer besides. */
export function namesOf(
  campaigns: readonly Campaign[],
  publishers: readonly Organization[],
  advertisers: readonly Organization[],
  own: readonly { id: string; name: string }[] = [],
): Names {
  const names = new Map(
    [...own, ...campaigns, ...publishers, ...advertisers].map(({ id, name }) => [id, name]),
  );
  return {
    of: (id) => names.get(id) ?? id,
    campaigns,
    publishers,
    advertisers,
    currencies: [...new Set(campaigns.map(({ currency }) => currency))].sort(),
  };
}

/** What has a name, as something to choose by it: for a form's field, a filter. */
export function choicesOf(list: readonly { id: string; name: string }[]): { value: string; label: string }[] {
  return list.map(({ id, name }) => ({ value: id, label: name }));
}
