import type { Site } from "../../../shared/api/inventory.ts";

/** What a site is called: the host of its first origin. */
export function hostOf({ origins, id }: Pick<Site, "origins" | "id">): string {
  return origins[0]?.replace(/^https?:\/\//, "") ?? id;
}

/** An address of the site to open in a browser; a wildcard stands for `www`. */
export function addressOf({ origins }: Pick<Site, "origins">): string {
  return (origins[0] ?? "/").replace("*.", "www.");
}
