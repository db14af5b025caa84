import type { Id } from "../../../shared/id.ts";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";

/** What a click token says: which tracking link was followed, whose it was, when, and which click of it this is. */
export type ClickToken = {
  link_id: Id<"tracking_link">;
  publisher_id: Id<"organization">;
  /** Unique for each click. It begins with the moment of the click, so that a session that keeps it knows both. */
  nonce: string;
};

/** A token proves nothing from this moment after its click on. */
export const CLICK_TOKEN_LIFE_MS = 30 * DAY_MS;

const KEY_ID = "1";
const ULID = "[0-9A-HJKMNP-TV-Z]{26}";
const TOKEN = new RegExp(
  `^(${KEY_ID}\\.(${ULID})\\.(${ULID})\\.([0-9a-z]{1,10}-[A-Za-z0-9_-]{11}))\\.([A-Za-z0-9_-]{22})$`,
);

const MOMENT_RADIX = 36;

/** The nonce of a click: its moment and 64 random bits as 11 characters of base64url. */
export function clickNonce(clicked_at: Instant, random: string): string {
  return `${clicked_at.toString(MOMENT_RADIX)}-${random}`;
}

/** When the click of a nonce of ours happened. */
export function clickedAt(nonce: string): Instant {
  return Number.parseInt(nonce.split("-", 1)[0] ?? "", MOMENT_RADIX);
}

/** True from 30 days after the click on, and for a moment before the click, which no clock of ours has seen. */
export function isClickExpired(nonce: string, at: Instant): boolean {
  const clicked_at = clickedAt(nonce);
  return !(at >= clicked_at && at < clicked_at + CLICK_TOKEN_LIFE_MS);
}

/** The part of a token that is signed: key id, link, publisher and nonce, parted by dots. */
export function clickTokenBody({ link_id, publisher_id, nonce }: ClickToken): string {
  return [KEY_ID, link_id.slice("lnk_".length), publisher_id.slice("org_".length), nonce].join(".");
}

/** A token taken apart, its signature not yet checked; null for any other text. One spelling only is a token. */
export function readClickToken(text: string): (ClickToken & { body: string; signature: string }) | null {
  const match = TOKEN.exec(text);
  if (!match) return null;
  const [, body = "", link = "", publisher = "", nonce = "", signature = ""] = match;
  return { link_id: `lnk_${link}`, publisher_id: `org_${publisher}`, nonce, body, signature };
}
