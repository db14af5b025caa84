import { describe, expect, it } from "vitest";
import { NBSP } from "../../dashboard/format.ts";
import {
  readGroup,
  readRouting,
  readTarget,
  readTargetPatch,
  writeFilters,
} from "../../dashboard/pages/campaign/targets/drafts.ts";
import { filterSentence, routingSentences } from "../../dashboard/pages/campaign/targets/filter-words.ts";
import {
  isFull,
  openWords,
  standingWords,
  targetsSentence,
  usedWords,
} from "../../dashboard/pages/campaign/targets/words.ts";
import { actionWords, reasonWords, rungWords } from "../../dashboard/parts/routing/words.ts";
import { type CallFilter, ROUTING_DEFAULTS } from "../../shared/api/routing.ts";
import type { Target } from "../../shared/api/targets.ts";

const plain = (text: string) => text.replaceAll(NBSP, " ");
const ZONE = "America/Los_Angeles";
const TARGET: Target = {
  id: "tgt_1",
  campaign_id: "cmp_1",
  group_id: null,
  name: "Night crew",
  number: "+14155550601",
  priority: 1,
  weight: 1,
  timeout_s: 30,
  hours: null,
  regions: null,
  hourly_cap: null,
  daily_cap: 50,
  monthly_cap: null,
  total_cap: null,
  concurrency_cap: 3,
  used: { hour: 4, day: 12, month: 90, total: 400, concurrent: 1 },
  paused_at: null,
  pause_reason: null,
  resume_at: null,
  created_at: 0,
  updated_at: 0,
  retired_at: null,
};
const FIELDS = {
  number: "+1 (415) 555-0601",
  priority: "2",
  weight: "3",
  timeout_s: "25 s",
  daily_cap: "50",
};

describe("a target in words", () => {
  it("says each cap with what is used of it, and no cap as nothing", () => {
    expect(usedWords(TARGET)).toBe("1 of 3 now, 12 of 50 today");
    expect(usedWords({ ...TARGET, daily_cap: null, concurrency_cap: null })).toBe("—");
  });

  it("is full when one cap has no room", () => {
    expect(isFull(TARGET)).toBe(false);
    expect(isFull({ ...TARGET, concurrency_cap: 1 })).toBe(true);
    expect(standingWords({ ...TARGET, daily_cap: 12 }, ZONE)).toBe("full");
  });

  it("says why it is paused, and until when", () => {
    const paused = { ...TARGET, paused_at: 1, pause_reason: "No agents" };
    expect(standingWords(paused, ZONE)).toBe("paused: No agents");
    const until = { ...paused, resume_at: Date.UTC(2026, 10, 23, 16) };
    expect(standingWords(until, ZONE)).toMatch(/^paused until .*08:00: No agents$/);
  });

  it("takes calls at any time from anywhere unless it is told otherwise", () => {
    expect(openWords(TARGET)).toBe("any time");
    expect(openWords({ ...TARGET, regions: ["US-CA", "US-NV", "US-OR", "US-WA"] })).toBe(
      "any time, from US-CA, US-NV, US-OR and 1 more",
    );
  });

  it("says together who answers", () => {
    expect(targetsSentence([], "+14155550199")).toMatch(/^Every call goes to \+1.415.555.0199/);
    expect(targetsSentence([TARGET, { ...TARGET, paused_at: 1 }], "")).toMatch(
      /^1.target takes calls \(1 paused\)/,
    );
    expect(targetsSentence([{ ...TARGET, paused_at: 1 }], "")).toMatch(/^No target takes calls now/);
  });
});

describe("the form of a target", () => {
  it("is read as the API wants it, every cap that is empty taken away", () => {
    expect(readTarget(FIELDS, "cmp_1", ZONE)).toEqual({
      ok: true,
      value: {
        campaign_id: "cmp_1",
        number: "+14155550601",
        name: null,
        group_id: null,
        priority: 2,
        weight: 3,
        timeout_s: 25,
        hours: null,
        regions: null,
        concurrency_cap: null,
        hourly_cap: null,
        daily_cap: 50,
        monthly_cap: null,
        total_cap: null,
      },
    });
  });

  it("tells hours in the zone that they were told in before", () => {
    const before = { ...TARGET, hours: { timezone: "Europe/Berlin", windows: [] } };
    const read = readTargetPatch({ ...FIELDS, hours: "Mon 09:00–17:00" }, before, ZONE);
    expect(read.ok && read.value.hours?.timezone).toBe("Europe/Berlin");
  });

  it("names every wrong field at once", () => {
    const read = readTarget(
      { number: "415 555 0601", priority: "-1", weight: "0", timeout_s: "soon" },
      "cmp_1",
      ZONE,
    );
    expect(read.ok ? [] : read.error.map(({ pointer }) => pointer)).toEqual([
      "/number",
      "/priority",
      "/weight",
      "/timeout_s",
    ]);
    const first = readTarget({ ...FIELDS, priority: "0" }, "cmp_1", ZONE);
    expect(first.ok && first.value.priority).toBe(0);
  });

  it("of a group asks for a name", () => {
    expect(readGroup({ ringing: "simultaneous" }, "cmp_1").ok).toBe(false);
    expect(readGroup({ name: "Crew", ringing: "simultaneous" }, "cmp_1")).toMatchObject({
      value: { name: "Crew", ringing: "simultaneous" },
    });
  });
});

describe("filters", () => {
  const filters: CallFilter[] = [
    {
      when: [{ is: "anonymous" }, { is: "outside_regions", regions: ["US-CA"] }],
      treatment: { action: "voicemail" },
    },
    { when: [{ is: "stir", levels: ["A", "B"] }], treatment: { action: "route" } },
    { when: [{ is: "repeat", within_s: 86_400 }], treatment: { action: "campaign", campaign_id: "cmp_2" } },
  ];

  it("are sentences in their order", () => {
    expect(filters.map((filter) => plain(filterSentence(filter, () => "Night line")))).toEqual([
      "A caller with a hidden number and from elsewhere than US-CA may leave a message.",
      "A caller vouched for with A or B goes on as always.",
      "A caller who called within 1 day goes to Night line.",
    ]);
  });

  it("are read back as they were written, and a line that is none is named", () => {
    const read = readRouting({
      filters: writeFilters(filters),
      suspended: "message",
      "suspended/say": "Sorry.",
    });
    expect(read).toEqual({
      ok: true,
      value: {
        filters,
        sticky: false,
        early_drop_s: 0,
        suspended: { action: "message", say: "Sorry." },
        look_up_callers: false,
      },
    });
    const wrong = readRouting({ filters: `${writeFilters(filters)}\n{`, suspended: "route" });
    expect(wrong).toMatchObject({ error: [{ pointer: "/filters", detail: "Line 4 is not JSON." }] });
  });

  it("stand beside what else is set", () => {
    const routing = { ...ROUTING_DEFAULTS, early_drop_s: 20, look_up_callers: true };
    const said = plain(routingSentences(routing, () => "").join(" "));
    expect(said).toMatch(/less than 20 s goes on to the next target.*type is looked up after the first call/);
    expect(readRouting({ look_up_callers: "on" })).toMatchObject({ value: { look_up_callers: true } });
  });
});

describe("why a phone was not rung", () => {
  it.each([
    ["paused", "was paused"],
    ["daily_cap", "had all the calls of the day"],
    ["group_concurrency_cap", "its group had all the calls at once that it takes"],
    ["terms_closed", "by its terms the campaign is closed at this hour"],
    ["enrollment_daily_cap", "the publisher's enrollment had all the calls of the day"],
    ["filter_2", "filter 2 says so"],
    ["something_new", "something new"],
  ])("%s is said as: %s", (reason, words) => {
    expect(reasonWords(reason)).toBe(words);
  });

  it("is set against who rings when: at once, or after the others", () => {
    const rounds = [{ targets: ["+14155550199"] }, { targets: ["+15105550195"] }];
    expect(rungWords("+14155550199", rounds)).toBe("rings first");
    expect(rungWords("+15105550195", rounds)).toBe("rings when nobody answered before");
    expect(rungWords("+14155550199")).toBe("rung");
  });

  it("stands beside what the call was told", () => {
    expect(actionWords("dial")).toBe("Rings");
    expect(actionWords("something_new")).toBe("something new");
  });
});
