import type { CallHistory, CallTouch } from "../../shared/api/touches.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { RING } from "./call-base.ts";

function touch(days_before: number, from: Partial<CallTouch>, shares: CallTouch["shares"]): CallTouch {
  return {
    session_id: `ses_${days_before}`,
    at: RING - days_before * DAY_MS,
    site_id: "sit_1",
    source: "(direct)",
    medium: "",
    campaign: "",
    channel: "direct",
    landing_path: "/",
    publisher_id: null,
    click_link: null,
    ...from,
    shares,
  };
}

/** Two visits a week apart, the newer of a search, and one earlier call of the caller. */
export const HISTORY: CallHistory = {
  touches: [
    touch(
      7,
      { source: "mail", medium: "email", landing_path: "/spring" },
      { last: 0, first: 1, linear: 0.5, position: 0.5, time_decay: 1 / 3 },
    ),
    touch(
      0,
      { source: "google", medium: "cpc", landing_path: "/emergency" },
      { last: 1, first: 0, linear: 0.5, position: 0.5, time_decay: 2 / 3 },
    ),
  ],
  more: false,
  earlier_calls: [{ call_id: "cal_late", started_at: RING - DAY_MS, campaign_id: "cmp_plumbing" }],
};
