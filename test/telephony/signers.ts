import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { createRequire } from "node:module";
import twilio from "twilio";
import { plivo } from "../../edge/telephony/plivo.ts";
import { plivoSignature } from "../../edge/telephony/plivo-signature.ts";
import type { TelephonyProvider } from "../../edge/telephony/port.ts";
import { signalwire } from "../../edge/telephony/signalwire.ts";
import { signalwireSignature } from "../../edge/telephony/signalwire-signature.ts";
import { telnyx } from "../../edge/telephony/telnyx.ts";
import { twilio as ours } from "../../edge/telephony/twilio.ts";
import { twilioSignature } from "../../edge/telephony/twilio-signature.ts";

/** A POST as a provider sends it, before it is signed. */
export type Unsigned = { url: string; body: string };
export type Signed = Unsigned & { headers: Record<string, string> };

/** A provider, how it signs, and its own SDK's verdict on what it signed. */
export type Signer = {
  provider: TelephonyProvider;
  /** What an account is given (`auth_token`): a secret, Telnyx's public key. `other` is a second one of the kind. */
  secrets: { own: string; other: string };
  /** The header that is decoded from Base64. */
  signature_header: string;
  /** `secret` is `own` or `other`. */
  sign(request: Unsigned, secret: string, now: number): Promise<Record<string, string>>;
  /** The official SDK at `now` (Date.now is to say so: Telnyx's looks at it). */
  judge(request: Signed, secret: string): Promise<boolean>;
};

/** A form as an SDK gets it from a body parser: a name given more than once has a list of values. */
export function parsedForm(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    Array.from(new Set(form.keys()), (name) => {
      const all = form.getAll(name);
      return [name, all.length > 1 ? all : (all[0] ?? "")];
    }),
  );
}

const OWN = "0123456789abcdef0123456789abcdef";
const OTHER = "fedcba9876543210fedcba9876543210";

const twilioSigner: Signer = {
  provider: ours,
  secrets: { own: OWN, other: OTHER },
  signature_header: "x-twilio-signature",
  sign: async ({ url, body }, secret) => ({ "x-twilio-signature": await twilioSignature(url, body, secret) }),
  judge: async ({ url, body, headers }, secret) =>
    twilio.validateRequest(secret, headers["x-twilio-signature"] ?? "", url, parsedForm(body)),
};

type SignalwireSdk = {
  RestClient: {
    validateRequest(key: string, header: string, url: string, params: Record<string, unknown>): boolean;
    validateRequestWithBody(key: string, header: string, url: string, body: string): boolean;
  };
};
const { RestClient } = createRequire(import.meta.url)("@signalwire/compatibility-api") as SignalwireSdk;

/** SignalWire's verdict on a body that is no form. */
export const signalwireJudgesBody = RestClient.validateRequestWithBody;

const signalwireSigner: Signer = {
  provider: signalwire,
  secrets: { own: `PSK_${OWN}`, other: `PSK_${OTHER}` },
  signature_header: "x-signalwire-signature",
  sign: async ({ url, body }, secret) => ({
    "x-signalwire-signature": await signalwireSignature(url, body, secret),
  }),
  judge: async ({ url, body, headers }, secret) =>
    RestClient.validateRequest(secret, headers["x-signalwire-signature"] ?? "", url, parsedForm(body)),
};

type PlivoSdk = {
  validateV3Signature(
    method: string,
    uri: string,
    nonce: string,
    token: string,
    signature: string,
    params: Record<string, unknown>,
  ): boolean;
};
const plivoSdk = createRequire(import.meta.url)("plivo") as PlivoSdk;

const plivoSigner: Signer = {
  provider: plivo,
  secrets: { own: OWN, other: OTHER },
  signature_header: "x-plivo-signature-v3",
  async sign({ url, body }, secret) {
    const nonce = "05429567804466091622";
    const signature = await plivoSignature(url, body, nonce, secret);
    return { "x-plivo-signature-v3": signature, "x-plivo-signature-v3-nonce": nonce };
  },
  judge: async ({ url, body, headers }, secret) =>
    plivoSdk.validateV3Signature(
      "POST",
      url,
      headers["x-plivo-signature-v3-nonce"] ?? "",
      secret,
      headers["x-plivo-signature-v3"] ?? "",
      parsedForm(body),
    ),
};

/** The secret keys of RFC 8032 §7.1, tests 1 and 2, as PKCS #8. */
const ED25519_SECRETS = [
  "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
].map((seed) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"),
    format: "der",
    type: "pkcs8",
  }),
);
const ed25519Keys = new Map(
  ED25519_SECRETS.map((key) => {
    const public_key = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    return [public_key.toString("base64"), key] as const;
  }),
);
const [ownPublicKey = "", otherPublicKey = ""] = ed25519Keys.keys();

type TelnyxSdk = {
  TelnyxWebhook: new (key: string) => { verify(body: string, headers: object): Promise<void> };
};
const { TelnyxWebhook } = createRequire(import.meta.url)("telnyx/lib/webhooks.js") as TelnyxSdk;

const telnyxSigner: Signer = {
  provider: telnyx,
  secrets: { own: ownPublicKey, other: otherPublicKey },
  signature_header: "telnyx-signature-ed25519",
  async sign({ body }, secret, now) {
    const timestamp = String(Math.floor(now / 1_000));
    const key = ed25519Keys.get(secret);
    if (!key) throw new Error("there is no such key");
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), key).toString("base64");
    return { "telnyx-timestamp": timestamp, "telnyx-signature-ed25519": signature };
  },
  judge: async ({ body, headers }, secret) =>
    new TelnyxWebhook(secret).verify(body, headers).then(
      () => true,
      () => false,
    ),
};

export const SIGNERS = {
  twilio: twilioSigner,
  telnyx: telnyxSigner,
  signalwire: signalwireSigner,
  plivo: plivoSigner,
} as const;
