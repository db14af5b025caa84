import type { Instant } from "../../../shared/instant.ts";
import { equalInConstantTime, toBase64Url, utf8, type Vault } from "../../platform/crypto.ts";
import { type ClickToken, clickTokenBody, isClickExpired, readClickToken } from "../model/click-token.ts";

export type VerifiedClick = ClickToken & {
  /** Older than 30 days: it says where the visitor came from, and proves nothing. */
  expired: boolean;
};

/** `1.LINK.PUBLISHER.NONCE.MAC`, about 100 characters: what a tracking link adds to its landing page as `rt_click`. */
export async function signClickToken(vault: Vault, network_id: string, token: ClickToken): Promise<string> {
  const body = clickTokenBody(token);
  return `${body}.${await signatureOf(vault, network_id, body)}`;
}

/**
 * What a token of this network says; null for a forged one, another network's and any other text. A text that has
 * not the form of a token costs no cryptography, a token one HMAC; nothing is read.
 */
export async function verifyClickToken(
  vault: Vault,
  network_id: string,
  text: string,
  now: Instant,
): Promise<VerifiedClick | null> {
  const read = readClickToken(text);
  if (!read) return null;
  const { body, signature, ...token } = read;
  if (!equalInConstantTime(await signatureOf(vault, network_id, body), signature)) return null;
  return { ...token, expired: isClickExpired(token.nonce, now) };
}

/** 128 bits of HMAC-SHA-256 under a key of its own; the network is signed along and not sent. */
async function signatureOf(vault: Vault, network_id: string, body: string): Promise<string> {
  return toBase64Url(await vault.mac("click", utf8(`${network_id}\n${body}`)));
}
