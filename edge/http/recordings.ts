import { Hono } from "hono";
import { playRecording } from "../journeys/play-recording.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";

/** What a provider calls its sound. Anything else is played as nothing: it is a stranger's file on our origin. */
const SOUND = /^audio\/(mpeg|mp3|wav|x-wav|wave|ogg)$/;

/** `/calls/{id}/recordings/{recording}`: the sound itself. Each time it is listened to stands in the audit log. */
export const recordings = new Hono<HttpEnv>().get(
  "/:id/recordings/:recording",
  may("recordings.play"),
  described({
    summary: "Listen to a recording",
    description: "Answers the sound. Who listened, and when, is written to the audit log first.",
    answers: { 200: null },
    media: ["audio/*", "application/octet-stream"],
  }),
  async (c) => {
    const { services, viewer } = c.var;
    const sound = await playRecording(services, viewer, c.req.param("id"), c.req.param("recording"));
    if (!sound) return problem(c, { kind: "not_found", what: "recording" });
    const type = sound.content_type.split(";")[0]?.trim().toLowerCase() ?? "";
    return new Response(sound.body, {
      headers: {
        "content-type": SOUND.test(type) ? type : "application/octet-stream",
        "content-disposition": "inline",
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
      },
    });
  },
);
