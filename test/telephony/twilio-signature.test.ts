import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { isSignedByTwilio, twilioSignature } from "../../edge/telephony/twilio-signature.ts";
import { law } from "../support/laws.ts";
import { parsedForm } from "./signers.ts";

/** What is Twilio's alone, beside the laws of all providers (signatures.test.ts); its SDK is the judge. */

const TOKEN = "0123456789abcdef0123456789abcdef";

const ask = (url: string, body: string, signature: string | null, tokens: string[]) => {
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  if (signature !== null) headers.set("x-twilio-signature", signature);
  return isSignedByTwilio({ url, headers, body }, tokens);
};

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const name = fc.oneof(
  fc.constantFrom("CallSid", "From", "To", "CallStatus", "Digits", "1", "10", "2", "é"),
  text.filter((t) => t !== "" && t !== "__proto__"),
);
const pairs = fc.array(fc.tuple(name, fc.oneof(text, fc.constantFrom("+14155550132", "a", "b"))), {
  maxLength: 12,
});
const origin = fc.constantFrom(
  "https://calls.example.com",
  "https://calls.example.com:8443",
  "https://calls.example.com:443",
  "http://127.0.0.1:8787",
  "http://calls.example.com:80",
);
const path = fc
  .array(fc.constantFrom("v1", "telephony", "tel_01", "voice", "a b", "it's", "%27", "~", "é"), {
    maxLength: 4,
  })
  .map((parts) => `/${parts.join("/")}`);
const query = fc.oneof(
  fc.constant(""),
  fc
    .array(
      fc.tuple(fc.constantFrom("a", "b", "q"), fc.constantFrom("1", "it's", "x y", "%20", "+", "é", "(1)")),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((all) => `?${all.map(([key, value]) => `${key}=${value}`).join("&")}`),
);
const request = fc.record({ origin, path, query, pairs }).map((r) => ({
  url: r.origin + r.path + r.query,
  body: new URLSearchParams(r.pairs).toString(),
}));

describe("the Twilio signature", () => {
  it("is that of the documentation's own example", async () => {
    // twilio.com/docs/usage/security#validating-requests
    const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const form = {
      CallSid: "CA1234567890ABCDE",
      Caller: "+14158675309",
      Digits: "1234",
      From: "+14158675309",
      To: "+18005551212",
    };
    const body = new URLSearchParams(form).toString();
    expect(await ask(url, body, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ["12345"])).toBe(true);
  });

  it("is accepted where the SDK accepts it: with or without the port, normalised or as sent", async () => {
    const spell = fc.constantFrom(
      (url: string) => url,
      (url: string) => new URL(url).toString(),
      (url: string) => url.replace(/^(https:\/\/[^/:]+)(?=[/?])/, "$1:443"),
      (url: string) => url.replace(/^(http:\/\/[^/:]+)(?=[/?])/, "$1:80"),
      (url: string) => url.replace(/:\d+(?=[/?])/, ""),
      (url: string) => url.replace("?a=", "?b="),
      (url: string) => `${url}/`,
    );
    await fc.assert(
      fc.asyncProperty(request, spell, async ({ url, body }, spelling) => {
        const signature = twilio.getExpectedTwilioSignature(TOKEN, spelling(url), parsedForm(body));
        const judged = twilio.validateRequest(TOKEN, signature, url, parsedForm(body));
        expect(await ask(url, body, signature, [TOKEN])).toBe(judged);
      }),
      law(500),
    );
  });

  it("is refused in another Base64 spelling of the same bytes", async () => {
    const url = "https://calls.example.com/voice";
    const signature = await twilioSignature(url, "To=1", TOKEN);
    expect(signature.endsWith("=")).toBe(true);
    for (const other of [
      signature.slice(0, -1),
      `${signature}=`,
      ` ${signature.slice(0, -1)}`,
      `${signature}\n=`,
    ]) {
      const headers = { get: () => other } as unknown as Headers;
      expect(await isSignedByTwilio({ url, headers, body: "To=1" }, [TOKEN])).toBe(false);
    }
  });

  it("fails closed on an empty secret, where the SDK would accept an empty key's signature", async () => {
    const url = "https://calls.example.com/voice";
    const signature = twilio.getExpectedTwilioSignature("", url, { To: "1" });
    expect(twilio.validateRequest("", signature, url, { To: "1" })).toBe(true);
    expect(await ask(url, "To=1", signature, [""])).toBe(false);
    expect(await ask(url, "To=1", signature, [])).toBe(false);
  });

  it("of a JSON body covers its hash, and the URL", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (body, other) => {
        const url = `https://calls.example.com/status?x=1&bodySHA256=${twilio.getExpectedBodyHash(body)}`;
        const signature = twilio.getExpectedTwilioSignature(TOKEN, url, {});
        expect(twilio.validateRequestWithBody(TOKEN, signature, url, body)).toBe(true);
        expect(await ask(url, body, signature, [TOKEN])).toBe(true);
        expect(await ask(url, other, signature, [TOKEN])).toBe(body === other);
        expect(await ask(url.replace("x=1", "x=2"), body, signature, [TOKEN])).toBe(false);
      }),
      law(200),
    );
  });
});
