import type { Provider } from "../../shared/api/inventory.ts";
import type { TelephonyProvider } from "./port.ts";
import { sandbox } from "./sandbox.ts";
import { twilio } from "./twilio.ts";

/**
 * The provider of an account, or null when this build does not speak to it. In the deployed Worker `__LOCAL__` is
 * the constant false, so the bundler drops the sandbox.
 */
export function providerOf(name: Provider): TelephonyProvider | null {
  if (name === "twilio") return twilio;
  if (__LOCAL__ && name === "sandbox") return sandbox;
  return null;
}
