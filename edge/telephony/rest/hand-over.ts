import { ok } from "../../../shared/result.ts";
import type { Client } from "./client.ts";
import { read as readLaml } from "./laml.ts";
import { read as readPlivo } from "./plivo.ts";
import type { HandOverApi } from "./port.ts";
import { textOf } from "./values.ts";

/**
 * Twilio: the agent's leg is given another document, which ends the caller's `<Dial>`, and the caller's leg asks at the
 * dial's `action` what comes next (twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress). A phone is shown
 * one of the account's numbers: an API call may not show the caller's.
 */
export function twilioHandOver(client: Client, root: string, retries: string): HandOverApi {
  const change = async (call_id: string, form: Record<string, string>) =>
    readLaml(
      await client({
        method: "POST",
        path: `${root}/Calls/${encodeURIComponent(call_id)}.json`,
        form,
        repeatable: false,
      }),
    );
  return {
    ring: async ({ from, to, timeout_s, answer_url, status_url }) => {
      const form = {
        From: from,
        To: to,
        Timeout: String(timeout_s),
        Url: answer_url,
        Method: "POST",
        StatusCallback: status_url + retries,
        StatusCallbackMethod: "POST",
      };
      const path = `${root}/Calls.json`;
      const rung = readLaml(await client({ method: "POST", path, form, repeatable: false }));
      return rung.ok ? ok({ ring_id: textOf(rung.value, "sid") }) : rung;
    },
    part: async ({ agent_leg_id, agent_url }) => {
      const parted = await change(agent_leg_id, { Url: agent_url, Method: "POST" });
      return parted.ok ? ok(null) : parted;
    },
    stop: async (ring_id) => {
      const stopped = await change(ring_id, { Status: "completed" });
      return stopped.ok || stopped.error.kind === "not_found" ? ok(null) : stopped;
    },
  };
}

/**
 * Plivo: one request moves both legs of a dial to documents of their own (plivo.com/docs/voice/api/call/transfer-a-call);
 * its ids of a phone that rings are those of the request (plivo.com/docs/voice/api/call/make-a-call).
 */
export function plivoHandOver(client: Client, root: string): HandOverApi {
  return {
    ring: async ({ from, to, timeout_s, answer_url, status_url }) => {
      const json = {
        from: digits(from),
        to: digits(to),
        ring_timeout: timeout_s,
        answer_url,
        answer_method: "POST",
        hangup_url: status_url,
        hangup_method: "POST",
      };
      const path = `${root}/Call/`;
      const rung = readPlivo(await client({ method: "POST", path, json, repeatable: false }));
      return rung.ok ? ok({ ring_id: textOf(rung.value, "request_uuid") }) : rung;
    },
    part: async ({ provider_call_id, agent_url, caller_url }) => {
      const json = {
        legs: "both",
        aleg_url: caller_url,
        aleg_method: "POST",
        bleg_url: agent_url,
        bleg_method: "POST",
      };
      const path = `${root}/Call/${encodeURIComponent(provider_call_id)}/`;
      const parted = readPlivo(await client({ method: "POST", path, json, repeatable: false }));
      return parted.ok ? ok(null) : parted;
    },
    stop: async (ring_id) => {
      const path = `${root}/Request/${encodeURIComponent(ring_id)}/`;
      const stopped = readPlivo(await client({ method: "DELETE", path, repeatable: false }));
      return stopped.ok || stopped.error.kind === "not_found" ? ok(null) : stopped;
    },
  };
}

function digits(target: string): string {
  return target.replace(/^\+/, "");
}
