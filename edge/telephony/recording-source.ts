import type { Provider } from "../../shared/api/inventory.ts";
import { basic } from "./rest/client.ts";

/** A request for a recording at the place where its provider keeps it. */
export type RecordingSource = { url: string; headers: Record<string, string> };

/**
 * Where each provider keeps recordings, and whether it asks for the account's credentials there. The address comes
 * from a signed webhook, but a tenant can sign anything: only these hosts are ever asked, and only a provider's own
 * API is shown its credentials. Telnyx hands out signed addresses at Amazon S3 that last ten minutes.
 * Sources: twilio.com/docs/voice/api/recording, developer.signalwire.com/compatibility-api (Recordings),
 * developers.telnyx.com/docs/voice/programmable-voice/texml-callbacks, plivo.com/docs/voice/api/recording.
 */
const KEPT_AT: Readonly<Record<Provider, { hosts: RegExp; asks_credentials: boolean; suffix: string }>> = {
  twilio: {
    hosts: /^https:\/\/api(\.[a-z0-9-]+){0,2}\.twilio\.com\//,
    asks_credentials: true,
    suffix: ".mp3",
  },
  signalwire: { hosts: /^https:\/\/[a-z0-9-]+\.signalwire\.com\//, asks_credentials: true, suffix: ".mp3" },
  telnyx: {
    hosts:
      /^https:\/\/([a-z0-9-]+\.telnyx\.com|(s3|[a-z0-9.-]{1,63}\.s3)([.-][a-z0-9-]+)?\.amazonaws\.com)\//,
    asks_credentials: false,
    suffix: "",
  },
  plivo: {
    hosts: /^https:\/\/([a-z0-9-]+\.plivo\.com|s3([.-][a-z0-9-]+)?\.amazonaws\.com\/recordings(_\d{4})?)\//,
    asks_credentials: false,
    suffix: "",
  },
  // Local runs only: whatever a test serves on this machine.
  sandbox: { hosts: /^http:\/\/127\.0\.0\.1:\d{1,5}\//, asks_credentials: false, suffix: "" },
};

const URL_LENGTH_MAX = 2_000;

/**
 * Null for an address at which this provider keeps nothing, and for one that asks for a token while we have none. The
 * token opens the provider's API; what signs webhooks is another secret at Telnyx and SignalWire.
 */
export function recordingSource(
  provider: Provider,
  url: string,
  credentials: { account_sid: string; api_token: string | null },
): RecordingSource | null {
  const { hosts, asks_credentials, suffix } = KEPT_AT[provider];
  if (provider === "sandbox" && !__LOCAL__) return null;
  if (url.length > URL_LENGTH_MAX || !hosts.test(url)) return null;
  const address = /\.(mp3|wav)(\?|$)/.test(url) ? url : url + suffix;
  if (!asks_credentials) return { url: address, headers: {} };
  const { account_sid, api_token } = credentials;
  return api_token === null
    ? null
    : { url: address, headers: { authorization: basic(account_sid, api_token) } };
}
