import { describe, expect, it } from "vitest";
import { recordingSource } from "../../edge/telephony/recording-source.ts";

/** Where recordings are fetched, and who is shown a secret there: a tenant can sign any address. */

const credentials = { account_sid: "AC1", api_token: "token" };
const BASIC = `Basic ${btoa("AC1:token")}`;

describe("the source of a recording", () => {
  it("is the provider's own, with the account's token where it is asked for", () => {
    const twilio = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
    expect(recordingSource("twilio", twilio, credentials)).toEqual({
      url: `${twilio}.mp3`,
      headers: { authorization: BASIC },
    });
    const signalwire = "https://files.signalwire.com/b3877c40/6ac1d5a0.wav";
    expect(recordingSource("signalwire", signalwire, credentials)?.headers).toEqual({ authorization: BASIC });
    const telnyx = "https://s3.amazonaws.com/telephony-recorder-prod/1.mp3?X-Amz-Signature=a";
    expect(recordingSource("telnyx", telnyx, credentials)).toEqual({ url: telnyx, headers: {} });
    const plivo = "https://media.plivo.com/v1/Account/MA1/Recording/1.mp3";
    const older = "https://s3.amazonaws.com/recordings_2013/1.mp3";
    for (const url of [plivo, older])
      expect(recordingSource("plivo", url, credentials)).toEqual({ url, headers: {} });
    const anybodys = "https://s3.amazonaws.com/recordings-of-mallory/1.mp3";
    expect(recordingSource("plivo", anybodys, credentials)).toBeNull();
  });

  it("is nowhere without a token that is asked for", () => {
    const none = { account_sid: "AC1", api_token: null };
    expect(recordingSource("twilio", "https://api.twilio.com/1", none)).toBeNull();
    expect(recordingSource("signalwire", "https://files.signalwire.com/1.wav", none)).toBeNull();
    expect(recordingSource("plivo", "https://media.plivo.com/1.mp3", none)).not.toBeNull();
  });

  it.each([
    "http://api.twilio.com/1",
    "https://api.twilio.com.evil.example/1",
    "https://api.twilio.com@evil.example/1",
    "https://evil.example/api.twilio.com/1",
    "https://evil.example#.signalwire.com/",
    "https://evil.example/?.plivo.com/",
    "https://media.plivo.com.evil.example/1.mp3",
    "https://media.plivo.com@evil.example/1.mp3",
    "https://media.plivo.com:1@evil.example/1.mp3",
    "https://s3.amazonaws.com:1@evil.example/recordings/1.mp3",
    "https://127.0.0.1/1.mp3",
    "http://127.0.0.1:8787/1.mp3",
    "file:///etc/passwd",
    `https://media.plivo.com/${"a".repeat(3_000)}`,
  ])("is never %s", (url) => {
    for (const provider of ["twilio", "telnyx", "signalwire", "plivo"] as const) {
      expect(recordingSource(provider, url, credentials)).toBeNull();
    }
  });
});
