import { describe, expect, it } from "vitest";
import { readLinkInput } from "../../dashboard/pages/publisher/drafts.ts";
import { TrackingLinkInput } from "../../shared/api/tracking-links.ts";
import { sent, wrongFields } from "../support/drafts.ts";

const PUBLISHER = "org_01JD0000000000000000000000";
const CAMPAIGN = "cmp_01JD0000000000000000000000";

describe("a new tracking link", () => {
  it("is sent with its publisher and the sub ids that were given", () => {
    const values = {
      campaign_id: CAMPAIGN,
      landing_url: " https://a.example/x?y=1#z ",
      sub1: "mail",
      sub2: "",
    };
    expect(sent(TrackingLinkInput, readLinkInput(PUBLISHER, values))).toEqual({
      publisher_id: PUBLISHER,
      campaign_id: CAMPAIGN,
      landing_url: "https://a.example/x?y=1#z",
      sub1: "mail",
    });
  });

  it("needs a campaign and a page", () => {
    expect(wrongFields(readLinkInput(PUBLISHER, {}))).toEqual(["/campaign_id", "/landing_url"]);
  });
});
