import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RawRequest } from "../../edge/telephony/port.ts";
import { law } from "../support/laws.ts";
import { SIGNERS, type Signed, type Signer, signalwireJudgesBody } from "./signers.ts";

/** The official SDKs are the judges: what they accept is accepted, what they refuse is refused. */

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0, 250);
/** `npm run verify` tries at least so many requests of each provider. */
const LONG_RUNS = 100_000;

beforeEach(() => {
  vi.spyOn(Date, "now").mockReturnValue(NOW);
});
afterEach(() => vi.restoreAllMocks());

const raw = ({ url, body, headers }: Signed): RawRequest => ({
  url,
  body,
  headers: new Headers({ "content-type": "application/x-www-form-urlencoded", ...headers }),
});
const ask = (signer: Signer, request: Signed, secrets: string[], now = NOW) =>
  signer.provider.verify(raw(request), secrets, now);

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const name = fc.oneof(
  fc.constantFrom("CallSid", "From", "To", "CallStatus", "Digits", "1", "10", "2", "é"),
  text.filter((t) => t !== "" && t !== "__proto__"),
);
const value = fc.oneof(text, fc.constantFrom("+14155550132", "a", "b", "completed"));
const url = fc
  .record({
    origin: fc.constantFrom(
      "https://calls.example.com",
      "https://calls.example.com:8443",
      "https://calls.example.com:443",
      "http://127.0.0.1:8787",
      "http://calls.example.com:80",
    ),
    // As the Worker hands them over: `new URL` has encoded what needs it.
    path: fc.array(fc.constantFrom("v1", "telephony", "tel_01", "voice", "a%20b", "it's", "%27", "~"), {
      maxLength: 4,
    }),
    query: fc.array(fc.constantFrom("a=1", "a=0", "b=it%27s", "q=x+y", "q=%2520", "c=%C3%A9", "d", "e=(1)"), {
      maxLength: 3,
    }),
  })
  .map(
    ({ origin, path, query }) => `${origin}/${path.join("/")}${query.length ? `?${query.join("&")}` : ""}`,
  );
const unsigned = fc.record({
  url,
  body: fc
    .array(fc.tuple(name, value), { maxLength: 10 })
    .map((pairs) => new URLSearchParams(pairs).toString()),
});

/** What somebody may do to a signed request on its way. */
type Change = (request: Signed, signer: Signer) => Signed;
const changedForm =
  (change: (pairs: [string, string][]) => [string, string][]): Change =>
  (request) => ({
    ...request,
    body: new URLSearchParams(change([...new URLSearchParams(request.body)])).toString(),
  });
const flipBit = (base64: string, bit: number): string => {
  const bytes = Buffer.from(base64, "base64");
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bytes.toString("base64");
};
const changes: readonly Change[] = [
  (request) => request,
  (request, { signature_header }) => {
    const signature = flipBit(request.headers[signature_header] ?? "", 77);
    return { ...request, headers: { ...request.headers, [signature_header]: signature } };
  },
  (request, { signature_header }) => {
    const headers = { ...request.headers, [signature_header]: `${request.headers[signature_header]},x` };
    return { ...request, headers };
  },
  (request) => ({
    ...request,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([key, text]) => [key, text.replace(/^\d(?=\d+$)/, "9")]),
    ),
  }),
  (request) => ({ ...request, url: request.url.replace(/:\d+(?=\/)/, "") }),
  (request) => ({ ...request, url: request.url.replace(/^(https:\/\/[^/:]+)(?=\/)/, "$1:443") }),
  (request) => ({ ...request, url: `${request.url}/` }),
  (request) => ({ ...request, url: request.url.replace("a=1", "a=2") }),
  (request) => ({ ...request, body: `${request.body}&` }),
  changedForm((pairs) => [...pairs, ["To", "+14155550132"]]),
  changedForm((pairs) => pairs.slice(1)),
  changedForm((pairs) => pairs.toReversed()),
  changedForm((pairs) => [...pairs, ...pairs.slice(0, 1)]),
  changedForm((pairs) => pairs.map(([key, text], i) => [key, i === 0 ? `${text}0` : text])),
];

describe.each(Object.entries(SIGNERS))("the signature of %s", (_, signer) => {
  const { own, other } = signer.secrets;

  it("is judged as the official SDK judges it, on random requests, changed or not", async () => {
    const change = fc.nat({ max: changes.length - 1 });
    await fc.assert(
      fc.asyncProperty(unsigned, change, async (request, n) => {
        const signed = { ...request, headers: await signer.sign(request, own, NOW) };
        const changed = changes[n]?.(signed, signer) ?? signed;
        const judged = await signer.judge(changed, own);
        if (n === 0) expect(judged).toBe(true);
        expect(await ask(signer, changed, [own])).toBe(judged);
      }),
      law(2_000, LONG_RUNS),
    );
  });

  const form = { CallSid: "CA0123", From: "+14155550132", To: "+16285550101", CallStatus: "ringing" };
  const request = {
    url: "https://calls.example.com/v1/telephony/tel_01/voice",
    body: new URLSearchParams(form).toString(),
  };
  const signed = async (secret = own, now = NOW): Promise<Signed> => ({
    ...request,
    headers: await signer.sign(request, secret, now),
  });

  it("is refused after the change of any bit of it, of a parameter or of the body", async () => {
    const sent = await signed();
    const signature = sent.headers[signer.signature_header] ?? "";
    for (let bit = 0; bit < Buffer.from(signature, "base64").length * 8; bit++) {
      const headers = { ...sent.headers, [signer.signature_header]: flipBit(signature, bit) };
      expect(await ask(signer, { ...sent, headers }, [own])).toBe(false);
    }
    for (const [key, parameter] of Object.entries(form)) {
      for (let bit = 0; bit < parameter.length * 7; bit++) {
        const at = Math.floor(bit / 7);
        const code = parameter.charCodeAt(at) ^ (1 << (bit % 7));
        const changed = parameter.slice(0, at) + String.fromCharCode(code) + parameter.slice(at + 1);
        const body = new URLSearchParams({ ...form, [key]: changed }).toString();
        expect(await ask(signer, { ...sent, body }, [own])).toBe(false);
      }
    }
    // Who signs parameters may find the same ones in another body ("+" and "%20"); who signs the body may not.
    const bytes = Buffer.from(request.body);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const body = new TextDecoder().decode(changed);
      const same = `${new URLSearchParams(body)}` === request.body && signer !== SIGNERS.telnyx;
      expect(await ask(signer, { ...sent, body }, [own])).toBe(same);
    }
  });

  it("counts by the current or the next secret, by no other and by none", async () => {
    const sent = await signed(other);
    expect(await ask(signer, sent, [own, other])).toBe(true);
    expect(await ask(signer, sent, [other, own])).toBe(true);
    expect(await ask(signer, sent, [other])).toBe(true);
    for (const secrets of [[own], [], [""], [own, ""], ["nonsense"]]) {
      expect(await ask(signer, sent, secrets)).toBe(false);
    }
  });

  it("is refused where it is missing or empty", async () => {
    const sent = await signed();
    for (const header of Object.keys(sent.headers)) {
      const { [header]: _, ...rest } = sent.headers;
      expect(await ask(signer, { ...sent, headers: rest }, [own])).toBe(false);
      expect(await ask(signer, { ...sent, headers: { ...rest, [header]: "" } }, [own])).toBe(false);
    }
  });
});

describe("the signature of telnyx", () => {
  const signer = SIGNERS.telnyx;
  const request = { url: "https://calls.example.com/v1/telephony/tel_01/voice", body: "CallSid=v3%3A1" };
  const { own } = signer.secrets;

  it("is as old as its stamp says: five minutes either way, as its SDK has it", async () => {
    for (const [age_s, fresh] of [
      [0, true],
      [300, true],
      [301, false],
      [-300, true],
      [-301, false],
      [86_400, false],
    ] as const) {
      const headers = await signer.sign(request, own, NOW - age_s * 1_000);
      expect(await signer.judge({ ...request, headers }, own)).toBe(fresh);
      expect(await ask(signer, { ...request, headers }, [own])).toBe(fresh);
    }
  });

  it("cannot be given another stamp, or one that is no number", async () => {
    const headers = await signer.sign(request, own, NOW);
    const sent_at_s = Math.floor(NOW / 1_000);
    for (const stamp of [sent_at_s + 1, sent_at_s - 1, `${sent_at_s}.0`, ` ${sent_at_s}x`, "1e99", "-1"]) {
      const changed = { ...request, headers: { ...headers, "telnyx-timestamp": String(stamp) } };
      expect(await signer.judge(changed, own)).toBe(false);
      expect(await ask(signer, changed, [own])).toBe(false);
    }
  });

  it("is refused under what is no key, and when it is no Base64", async () => {
    const headers = await signer.sign(request, own, NOW);
    for (const key of [own.slice(0, -1), `${own}=`, own.slice(4), "AAAA", "=".repeat(44)]) {
      expect(await ask(signer, { ...request, headers }, [key])).toBe(false);
    }
    const signature = headers["telnyx-signature-ed25519"] ?? "";
    for (const text of [
      signature.slice(0, -2),
      `${signature}=`,
      ` ${signature}`,
      signature.replace("=", "*"),
    ]) {
      const changed = { ...request, headers: { ...headers, "telnyx-signature-ed25519": text } };
      const request_as_sent = {
        ...raw(changed),
        headers: { get: (name: string) => changed.headers[name as never] ?? null },
      };
      expect(await signer.provider.verify(request_as_sent as unknown as RawRequest, [own], NOW)).toBe(
        await signer.judge(changed, own),
      );
    }
  });
});

describe("the signature of plivo", () => {
  const signer = SIGNERS.plivo;
  const request = { url: "https://calls.example.com/v1/telephony/tel_01/voice", body: "CallUUID=1&To=1628" };
  const { own, other } = signer.secrets;

  it("may be the main account's, and one of a list", async () => {
    const headers = await signer.sign(request, own, NOW);
    const { "x-plivo-signature-v3": signature = "", ...nonce } = headers;
    const foreign = (await signer.sign(request, other, NOW))["x-plivo-signature-v3"] ?? "";
    const by = (more: Record<string, string>) =>
      ask(signer, { ...request, headers: { ...nonce, ...more } }, [own]);
    expect(await by({ "x-plivo-signature-ma-v3": signature })).toBe(true);
    expect(await by({ "x-plivo-signature-v3": foreign, "x-plivo-signature-ma-v3": signature })).toBe(true);
    expect(await by({ "x-plivo-signature-v3": `${foreign},${signature}` })).toBe(true);
    expect(await by({ "x-plivo-signature-v3": foreign, "x-plivo-signature-ma-v3": foreign })).toBe(false);
  });
});

describe("the signature of signalwire", () => {
  const signer = SIGNERS.signalwire;
  const request = {
    url: "https://calls.example.com/v1/telephony/tel_01/voice",
    body: "CallSid=1&To=%2B1628",
  };
  const { own } = signer.secrets;

  it("of a JSON body covers its hash, and the URL", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 2 }), fc.json({ maxDepth: 2 }), async (body, other) => {
        const digest = createHash("sha256").update(body).digest("hex");
        const url = `${request.url}?x=1&bodySHA256=${digest}`;
        const headers = await signer.sign({ url, body }, own, NOW);
        expect(signalwireJudgesBody(own, headers["x-signalwire-signature"] ?? "", url, body)).toBe(true);
        expect(await ask(signer, { url, body, headers }, [own])).toBe(true);
        expect(await ask(signer, { url, body: other, headers }, [own])).toBe(body === other);
        expect(await ask(signer, { url: url.replace("x=1", "x=2"), body, headers }, [own])).toBe(false);
      }),
      law(100),
    );
  });

  it("may stand under the header of Twilio's users, but not against its own", async () => {
    const signature = (await signer.sign(request, own, NOW))["x-signalwire-signature"] ?? "";
    const by = (headers: Record<string, string>) => ask(signer, { ...request, headers }, [own]);
    expect(await by({ "x-twilio-signature": signature })).toBe(true);
    expect(await by({ "x-signalwire-signature": "AAAA", "x-twilio-signature": signature })).toBe(false);
  });
});
