import type { Reader } from "../../edge/reporting/columns.ts";
import type { TestNetwork } from "./network.ts";

/** Who reads a report of a test's network. */

export const networkReader = (network: TestNetwork): Reader => ({
  network_id: network.id,
  organization_id: network.id,
  kind: "network",
  sees_publishers: false,
});

export const publisherReader = (network: TestNetwork, i: number): Reader => ({
  ...networkReader(network),
  kind: "publisher",
  organization_id: network.publishers[i]!.id,
});

export const advertiserReader = (network: TestNetwork, sees_publishers: boolean): Reader => ({
  network_id: network.id,
  organization_id: network.campaigns[0]!.advertiser_id,
  kind: "advertiser",
  sees_publishers,
});
