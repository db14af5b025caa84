import type { Network } from "../../../shared/api/organizations.ts";

/** What one side sees of a call of the campaign. */
export type Sight = { what: string; advertiser: string; publisher: string };

/** Who sees what of the same call, in JSON, in CSV and on every page; the network sees all of it. */
export function sightRows({
  shows_callers,
  shows_publishers,
}: Pick<Network, "shows_callers" | "shows_publishers">): Sight[] {
  return [
    {
      what: "Caller's number",
      advertiser: "whole",
      publisher: shows_callers ? "whole" : "country and area code",
    },
    {
      what: "Publisher",
      advertiser: shows_publishers ? "by name" : "by alias, such as P-1042",
      publisher: "only itself",
    },
    {
      what: "Page and source of a publisher's visit",
      advertiser: shows_publishers ? "both" : "the source only",
      publisher: "of its own",
    },
    { what: "What the advertiser pays", advertiser: "yes", publisher: "no" },
    { what: "What the publisher earns", advertiser: "no", publisher: "its own" },
    { what: "The network's margin", advertiser: "no", publisher: "no" },
    { what: "Where the call goes", advertiser: "yes", publisher: "no" },
    { what: "Rules, each with its measure", advertiser: "of what it owes", publisher: "of what it earns" },
    { what: "Evidence and its weights", advertiser: "both", publisher: "the evidence only" },
    { what: "Other publishers' page views", advertiser: "without names", publisher: "lumped to one share" },
  ];
}
