import { regionOfAreaCode } from "../../../shared/nanp.ts";
import { REGIONS } from "../habits.ts";

const codesByRegion = new Map<string, string[]>();
for (let code = 200; code < 1_000; code++) {
  const region = regionOfAreaCode(String(code));
  if (region?.startsWith("US-"))
    codesByRegion.set(region, [...(codesByRegion.get(region) ?? []), String(code)]);
}

/** The states with the most area codes stand for a town's regions. */
const regions = [...codesByRegion].sort((a, b) => b[1].length - a[1].length).slice(0, REGIONS);

export function areaCodesOf(region: number): readonly string[] {
  return regions[region]?.[1] ?? [];
}

/** As Cloudflare names it beside the country: `CA` for California. */
export function regionCode(region: number): string {
  return (regions[region]?.[0] ?? "US-NY").slice("US-".length);
}
