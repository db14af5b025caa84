import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookEvent } from "../../shared/api/webhooks.ts";

/** A message as it arrived. */
export type Received = {
  /** Of a postback all there is: its body is empty. */
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: { id: string; type: WebhookEvent | "webhook.test"; timestamp: string; data: Record<string, unknown> };
};

/** Somebody's server, that is told of things. */
export type Receiver = {
  url: string;
  received: Received[];
  /** What it answers from now on; `null`: it breaks the connection off. */
  answer: { status: number; headers?: Record<string, string> } | null;
  /** The first message, now or later, of which this is true. */
  told(of: (message: Received) => boolean): Promise<Received>;
  stop(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { answer } = receiver;
    const text = Buffer.concat(parts).toString();
    const body = JSON.parse(text || "{}");
    received.push({ path: request.url ?? "", headers: request.headers, text, body });
    if (answer === null) request.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end("what nobody else may read");
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`,
    received,
    answer: { status: 204 },
    told: (of) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find(of);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return receiver;
}

/**
 * True when one of a message's signatures is by this secret: the public spec, read a second time
 * (github.com/standard-webhooks/standard-webhooks).
 */
export function isSignedBy(secret: string, { headers, text }: Received): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  const wanted = createHmac("sha256", key).update(signed).digest();
  return String(headers["webhook-signature"])
    .split(" ")
    .some((one) => {
      const [version, signature = ""] = one.split(",");
      const given = Buffer.from(signature, "base64");
      return version === "v1" && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}
