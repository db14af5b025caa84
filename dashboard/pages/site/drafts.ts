import type { Site, SiteInput, SitePatch } from "../../../shared/api/inventory.ts";
import { readNumbers, readOrigins } from "../../parts/form/amounts.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

const GPC = ["cookieless", "static"] as const;

/** Reads a new site: where its pages are, which number stands on them, and where the shown numbers come from. */
export function readSiteInput(values: Values): Draft<SiteInput> {
  const read = new Reading(values);
  return read.body({
    campaign_id: read.required("campaign_id", "Choose a campaign."),
    pool_id: read.required("pool_id", "Choose the pool it draws numbers from."),
    publisher_id: read.text("publisher_id") || undefined,
    origins: read.value("origins", readOrigins, []),
    swap_numbers: read.value("swap_numbers", readNumbers, []),
    gpc: read.choice("gpc", GPC),
  });
}

export function readSitePatch(values: Values): Draft<SitePatch> {
  const read = new Reading(values);
  return read.body({
    origins: read.value("origins", readOrigins, []),
    swap_numbers: read.value("swap_numbers", readNumbers, []),
    gpc: read.choice("gpc", GPC),
  });
}

/** The patch that brings a site's settings back. */
export function settingsOf({ origins, swap_numbers, gpc }: Site): SitePatch {
  return { origins, swap_numbers, gpc };
}
