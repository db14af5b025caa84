import type { Provider } from "../../../shared/api/inventory.ts";
import { basic, restClient, type Surroundings } from "./client.ts";
import { plivoHandOver, twilioHandOver } from "./hand-over.ts";
import { lamlApi } from "./laml.ts";
import { telnyxLookup, twilioLookup } from "./lookup.ts";
import { plivoApi } from "./plivo.ts";
import type { ApiAccount, ProviderApi } from "./port.ts";
import { telnyxApi } from "./telnyx.ts";

/** Where a provider's API lives, null where every customer has an address of their own or there is none. */
const BASES: Readonly<Record<Provider, string | null>> = {
  twilio: "https://api.twilio.com",
  telnyx: "https://api.telnyx.com",
  plivo: "https://api.plivo.com",
  signalwire: null,
  sandbox: null,
};

/**
 * Twilio retries a status callback that was answered 5xx only if told to: five times, whatever failed. What stands behind
 * the `#` is not sent and not signed (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 */
const TWILIO_RETRIES = "#rc=5&rp=all";

/** Lookups have a host of their own. */
const TWILIO_LOOKUPS = "https://lookups.twilio.com";

/** A SignalWire space, such as `example.signalwire.com`: nothing else may be asked with the account's token. */
export const SPACE_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.signalwire\.com$/;

/** The origin of an account's API; null when it has none that we know. */
export function apiBase(provider: Provider, api_space: string | null): string | null {
  if (provider !== "signalwire") return BASES[provider];
  return api_space !== null && SPACE_PATTERN.test(api_space) ? `https://${api_space}` : null;
}

/** The REST API of an account; null for a provider that has none. */
export function apiOf(account: ApiAccount, surroundings: Surroundings): ProviderApi | null {
  const { provider, account_sid, api_token, api_base } = account;
  const sid = encodeURIComponent(account_sid);
  const byPassword = { authorization: basic(account_sid, api_token) };
  const client = () => restClient(api_base, byPassword, surroundings);
  switch (provider) {
    case "twilio": {
      const asked = client();
      const root = `/2010-04-01/Accounts/${sid}`;
      const hand_over = twilioHandOver(asked, root, TWILIO_RETRIES);
      const lookups = api_base === BASES.twilio ? TWILIO_LOOKUPS : api_base;
      const lookUpType = twilioLookup(restClient(lookups, byPassword, surroundings));
      return { ...lamlApi(asked, root, TWILIO_RETRIES), hand_over, lookUpType };
    }
    // What becomes of a caller whose agent is taken out of the dial their pages do not say.
    case "signalwire":
      return {
        ...lamlApi(client(), `/api/laml/2010-04-01/Accounts/${sid}`, ""),
        hand_over: null,
        lookUpType: null,
      };
    case "telnyx": {
      const byToken = { authorization: `Bearer ${api_token}` };
      const asked = restClient(api_base, byToken, surroundings);
      return { ...telnyxApi(asked, account_sid), hand_over: null, lookUpType: telnyxLookup(asked) };
    }
    case "plivo": {
      const asked = client();
      const hand_over = plivoHandOver(asked, `/v1/Account/${sid}`);
      return { ...plivoApi(asked, account_sid), hand_over, lookUpType: null };
    }
    case "sandbox":
      return null;
  }
}
