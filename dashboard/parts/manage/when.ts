import type { Instant } from "../../../shared/instant.ts";
import { dateTime } from "../../format.ts";

/** `Wed 21 Oct, 04:46`: a moment without its seconds, for what was set up once. */
export function dayAndMinute(at: Instant, zone: string): string {
  return dateTime(at, zone).replace(/:\d\d$/, "");
}
