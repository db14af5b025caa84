import type { CallEvent } from "../../edge/calls/model/event.ts";
import type { RawRequest, StatusReport, TelephonyProvider } from "../../edge/telephony/port.ts";
import type { Result } from "../../shared/result.ts";
import { FIXTURES, type Signing } from "./fixtures/index.ts";
import { lengthOf, type Payloads, STORY, type Story } from "./fixtures/story.ts";
import { SIGNERS } from "./signers.ts";

/** One story as every provider tells it, and what is stored of it. */

const HOOKS = "https://calls.example.com/v1/telephony/tel_1";
export const request = (parameters: Readonly<Record<string, string>>, path = "status"): RawRequest => ({
  url: `${HOOKS}/${path}`,
  headers: new Headers({ "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
  body: new URLSearchParams(parameters).toString(),
});
export const unwrapped = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

export const cases = (Object.keys(FIXTURES) as Signing[]).map((name) => {
  const story: Story = { ...STORY, call_id: FIXTURES[name].id(1), leg_id: FIXTURES[name].id(2) };
  return { name, provider: SIGNERS[name].provider, story, sent: FIXTURES[name].payloads(story) };
});

/** What is stored of a whole call: the ring, what was told, and every report as it came. */
export function eventsOf(provider: TelephonyProvider, story: Story, sent: Payloads): CallEvent[] {
  const ring = unwrapped(provider.parseVoice(request(sent.voice, "voice")));
  const at = { received_at: story.started_at, provider_at: null };
  const told: CallEvent[] = [
    { event_key: ring.event_key, ...at, kind: "ringing", to: story.to },
    {
      event_key: `${ring.event_key}:told`,
      ...at,
      kind: "instructed",
      action: "dial",
      target: story.target,
      reason: "destination",
      blind: false,
    },
  ];
  const reports: [number, Result<StatusReport, unknown>][] = [
    [story.rings_s, provider.parseStatus(request(sent.leg_answered))],
    [lengthOf(story), provider.parseStatus(request(sent.leg_ended))],
    [lengthOf(story), provider.parseDial(request(sent.dial_ended, "dial/cal_1"))],
    [lengthOf(story) + 1, provider.parseStatus(request(sent.ended))],
  ];
  return told.concat(
    reports.flatMap(([after_s, result]) => {
      const { events, provider_at } = unwrapped(result);
      const received_at = story.started_at + after_s * 1_000;
      return events.map(({ event_key, reported }) => ({ event_key, received_at, provider_at, ...reported }));
    }),
  );
}
