import type { Provider } from "../../shared/api/inventory.ts";
import { plivo } from "./plivo.ts";
import type { TelephonyProvider } from "./port.ts";
import { sandbox } from "./sandbox.ts";
import { signalwire } from "./signalwire.ts";
import { telnyx } from "./telnyx.ts";
import { twilio } from "./twilio.ts";

const PROVIDERS: ReadonlyMap<Provider, TelephonyProvider> = new Map(
  [twilio, telnyx, signalwire, plivo].map((provider) => [provider.name, provider]),
);

/**
 * The provider of an account, or null when this build does not speak to it. In the deployed Worker `__LOCAL__` is
 * the constant false, so the bundler drops the sandbox.
 */
export function providerOf(name: Provider): TelephonyProvider | null {
  if (__LOCAL__ && name === "sandbox") return sandbox;
  return PROVIDERS.get(name) ?? null;
}
