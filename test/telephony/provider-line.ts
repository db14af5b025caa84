import type { World } from "../support/world.ts";
import { FIXTURES, type Signing } from "./fixtures/index.ts";
import { type Payloads, STORY, type Story } from "./fixtures/story.ts";
import { SIGNERS } from "./signers.ts";
import { readXml } from "./xml-reader.ts";

/** An account at one provider with static numbers of a campaign, and a way to speak as the provider does. */
export type Line = {
  name: Signing;
  account_id: string;
  numbers: string[];
  story(n: number, more?: Partial<Story>): Story;
  payloads(story: Story): Payloads;
  /** Signs for the address and posts to it at `now`; `secret` is the account's own unless told. */
  send(
    url: string,
    parameters: Readonly<Record<string, string>>,
    now: number,
    secret?: string,
  ): Promise<Response>;
  /** The same with headers that were signed before, or not at all. */
  post(url: string, body: string, now: number, headers: Record<string, string>): Promise<Response>;
};

export async function connect(
  world: World,
  name: Signing,
  { campaign_id, publisher_id }: { campaign_id: string; publisher_id: string },
  prefix: string,
): Promise<Line> {
  const signer = SIGNERS[name];
  const account = await world.json<{ id: string }>("/api/v1/telephony-accounts", {
    json: { provider: name, name, account_sid: `${name}-1`, auth_token: signer.secrets.own },
  });
  const numbers = Array.from({ length: 6 }, (_, i) => `${prefix}${String(i).padStart(4, "0")}`);
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id: account.id, e164: numbers, campaign_id, publisher_id },
  });
  const post: Line["post"] = (url, body, now, headers) =>
    fetch(url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "ringtrail-now": String(now),
        ...headers,
      },
    });
  return {
    name,
    account_id: account.id,
    numbers,
    story: (n, more = {}) => ({
      ...STORY,
      call_id: FIXTURES[name].id(2 * n),
      leg_id: FIXTURES[name].id(2 * n + 1),
      // Nobody's repeat, and no two providers' caller.
      from: `${prefix}${1_000 + n}`,
      ...more,
    }),
    payloads: (story) => FIXTURES[name].payloads(story),
    post,
    async send(url, parameters, now, secret = signer.secrets.own) {
      const body = new URLSearchParams(parameters).toString();
      return post(url, body, now, await signer.sign({ url, body }, secret, now));
    },
  };
}

/** The addresses that an answer to a ring names: where the leg reports, and where the dial asks what comes next. */
export function hooksIn(document: string): { leg_status: string; dial_action: string; target: string } {
  const dial = readXml(document).children.find(({ tag }) => tag === "Dial");
  const phone = dial?.children[0];
  const leg_status = phone?.attributes.statusCallback ?? dial?.attributes.callbackUrl ?? "";
  return {
    leg_status: leg_status.replace(/#.*$/, ""),
    dial_action: dial?.attributes.action ?? "",
    target: phone?.text ?? "",
  };
}
