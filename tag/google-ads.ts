import { guard } from "./guard.ts";

declare global {
  interface Window {
    /** Google's tag, as its snippet defines it. */
    gtag?: (command: "config", target: string, parameters: Record<string, unknown>) => void;
  }
}

/**
 * Google's website call conversions: Google may put a forwarding number of its own before the leased one, for visitors
 * who came by an advertisement, and calls back with the number to show (E.164 in its second argument).
 * https://support.google.com/google-ads/answer/6095883
 */
export function forward(conversion: string, leased: string, show: (number: string) => void): void {
  window.gtag?.("config", conversion, {
    phone_conversion_number: leased,
    phone_conversion_callback: guard((_formatted: string, number: string) => show(number)),
  });
}
