import type { Call } from "../../shared/api/calls.ts";
import type { Target } from "../../shared/api/targets.ts";
import { layLine } from "../support/line.ts";
import { CALLER, type Stage } from "./inbound-stage.ts";

/** The phone that an answer rings first. */
export const rung = (twiml: string) => /<Number[^>]*>([^<]*)<\/Number>/.exec(twiml)?.[1] ?? null;
export const NO_ANSWER = (leg: string) => ({ DialCallSid: leg, DialCallStatus: "no-answer" });

/** Campaigns with targets on a stage, and calls that go from one phone to the next. */
export function linesOn(stage: () => Stage) {
  let spent = 0;
  const post = <T = { id: string }>(path: string, json: object) =>
    stage().world.json<T>(`/api/v1${path}`, { json });

  /** A campaign with a Twilio number of its own and these targets, one priority after another. */
  async function freshLine(numbers: string[], campaign: object = {}, over: object = {}) {
    spent += 1;
    const to = `+1650557${String(spent).padStart(4, "0")}`;
    const campaign_id = await layLine(stage().world, {
      advertiser_id: stage().stock.advertiser_id,
      telephony_account_id: stage().twilio_account_id,
      e164: to,
      campaign,
      terms: { payout_micros: 0, min_duration_s: 60 },
    });
    const targets: Target[] = [];
    for (const [i, number] of numbers.entries()) {
      targets.push(
        await post<Target>("/targets", { campaign_id, number, priority: i + 1, timeout_s: 10 + i, ...over }),
      );
    }
    return { campaign_id, to, targets };
  }

  /** Asks what comes after a dial, at the address that the last answer named. */
  async function dialEnds(twiml: string, sid: string, to: string, fields: Record<string, string>) {
    const [, path = ""] = /action="[^"]*\/v1\/telephony\/[^/]+\/([^"]*)"/.exec(twiml) ?? [];
    const [hook = "", query = ""] = path.split("?");
    stage().world.at += 20_000;
    const all = { CallSid: sid, From: CALLER, To: to, CallStatus: "in-progress", ...fields };
    const answer = await stage().hook(hook, all, query === "" ? {} : { query: `?${query}` });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the dial's end was answered ${answer.status}: ${text}`);
    return text;
  }

  async function callOf(sid: string): Promise<Call> {
    const row = await stage().row(sid);
    return stage().world.json<Call>(`/api/v1/calls/${row?.id}`);
  }

  return { post, freshLine, dialEnds, callOf };
}
