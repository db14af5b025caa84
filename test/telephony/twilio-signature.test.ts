import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { isSignedByTwilio, twilioSignature } from "../../edge/telephony/twilio-signature.ts";

/** The official SDK is the judge: what it accepts is accepted, what it refuses is refused. */

const TOKEN = "0123456789abcdef0123456789abcdef";
const NEXT_TOKEN = "fedcba9876543210fedcba9876543210";
const SEED = 3;

const ask = (url: string, body: string, signature: string | null, tokens: string[]) => {
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  if (signature !== null) headers.set("x-twilio-signature", signature);
  return isSignedByTwilio({ url, headers, body }, tokens);
};

/** A form as the SDK gets it from a body parser: a name given more than once has a list of values. */
function parsed(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  const names = new Set(form.keys());
  return Object.fromEntries(
    Array.from(names, (name) => {
      const all = form.getAll(name);
      return [name, all.length > 1 ? all : (all[0] ?? "")];
    }),
  );
}

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
  it("is the SDK's, on 2,000 random requests", async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ url, body }) => {
        const signature = twilio.getExpectedTwilioSignature(TOKEN, url, parsed(body));
        expect(await twilioSignature(url, body, TOKEN)).toBe(signature);
        expect(await ask(url, body, signature, [TOKEN])).toBe(true);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
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
        const signature = twilio.getExpectedTwilioSignature(TOKEN, spelling(url), parsed(body));
        const judged = twilio.validateRequest(TOKEN, signature, url, parsed(body));
        expect(await ask(url, body, signature, [TOKEN])).toBe(judged);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it("is refused after any change of one bit, of the signature or of a parameter", async () => {
    const url = "https://calls.example.com/v1/telephony/tel_01/voice";
    const form = { CallSid: "CA0123", From: "+14155550132", To: "+16285550101", CallStatus: "ringing" };
    const body = new URLSearchParams(form).toString();
    const signature = await twilioSignature(url, body, TOKEN);
    const mac = Buffer.from(signature, "base64");
    for (let bit = 0; bit < mac.length * 8; bit++) {
      const changed = Buffer.from(mac);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(await ask(url, body, changed.toString("base64"), [TOKEN])).toBe(false);
    }
    for (const [key, value] of Object.entries(form)) {
      for (let bit = 0; bit < value.length * 7; bit++) {
        const at = Math.floor(bit / 7);
        const code = value.charCodeAt(at) ^ (1 << (bit % 7));
        const changed = value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1);
        const tampered = new URLSearchParams({ ...form, [key]: changed }).toString();
        expect(await ask(url, tampered, signature, [TOKEN])).toBe(false);
      }
    }
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

  it("counts by the current or the next secret, by no other", async () => {
    const url = "https://calls.example.com/voice";
    const body = "CallSid=CA1&To=%2B16285550101";
    const signature = await twilioSignature(url, body, NEXT_TOKEN);
    expect(await ask(url, body, signature, [TOKEN, NEXT_TOKEN])).toBe(true);
    expect(await ask(url, body, signature, [NEXT_TOKEN])).toBe(true);
    expect(await ask(url, body, signature, [TOKEN])).toBe(false);
    expect(await ask(url, body, null, [TOKEN, NEXT_TOKEN])).toBe(false);
    expect(await ask(url, body, "", [TOKEN, NEXT_TOKEN])).toBe(false);
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
      { seed: SEED, numRuns: 200 },
    );
  });
});
