import plivo from "plivo";
import Telnyx from "telnyx";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { NOON } from "../support/world.ts";
import { beginCall, FAKE_ACCOUNT, fakeOf, recordCall } from "./fakes/providers.ts";

const NUMBER = "+14155550101";
const VOICE_URL = "https://calls.example/v1/telephony/tel_01/voice";

/** The fakes are only worth something if the providers' own programs take them for the real thing. */
describe("a provider's official SDK", () => {
  const call = {
    id: "CA0123456789abcdef0123456789abcdef",
    to: NUMBER,
    started_at: NOON,
    length_s: 100,
    legs: [{ id: "CA1123456789abcdef0123456789abcdef", to: "+14155550199", connected_s: 92 }],
  };

  it("of Twilio reads from the fake what we read", async () => {
    const fake = await fakeOf("twilio");
    fake.for_sale.push(NUMBER);
    recordCall(fake, call);
    const http = new twilio.RequestClient();
    const httpClient = Object.assign(Object.create(http), {
      request: (options: Parameters<typeof http.request>[0]) =>
        http.request({
          ...options,
          uri: options.uri.replace(/https:\/\/(api|lookups)\.twilio\.com/, fake.url),
        }),
    });
    const sdk = twilio(FAKE_ACCOUNT.sid, FAKE_ACCOUNT.token, { httpClient });
    const [forSale] = await sdk.availablePhoneNumbers("US").local.list({ areaCode: 415, limit: 5 });
    expect(forSale?.phoneNumber).toBe(NUMBER);
    const bought = await sdk.incomingPhoneNumbers.create({ phoneNumber: NUMBER, voiceUrl: VOICE_URL });
    expect((await sdk.incomingPhoneNumbers.list())[0]).toMatchObject({
      sid: bought.sid,
      voiceUrl: VOICE_URL,
    });
    const [leg] = await sdk.calls.list({ parentCallSid: call.id });
    expect(leg).toMatchObject({ to: "+14155550199", duration: "92", status: "completed" });
    expect((await sdk.calls(call.id).fetch()).startTime.getTime()).toBe(NOON);
    expect(await sdk.calls.list({ startTimeAfter: new Date(NOON + 60_000) })).toEqual([]);
    beginCall(fake, { id: "CA2123456789abcdef0123456789abcdef", to: NUMBER, started_at: NOON });
    const recording = await sdk
      .calls("CA2123456789abcdef0123456789abcdef")
      .recordings.create({ recordingChannels: "dual", recordingStatusCallback: VOICE_URL });
    expect(recording).toMatchObject({ status: "in-progress", channels: 2, source: "StartCallRecordingAPI" });
    expect(fake.recordings).toMatchObject([{ callback: VOICE_URL, channels: "dual" }]);
    fake.kinds.set("+14155550177", "mobile");
    const fields = "line_type_intelligence";
    const line = await sdk.lookups.v2.phoneNumbers("+14155550177").fetch({ fields });
    expect(line.lineTypeIntelligence).toMatchObject({ type: "mobile" });
    const rung = await sdk.calls.create({ from: NUMBER, to: "+14155550199", url: VOICE_URL, timeout: 20 });
    await sdk.calls(call.id).update({ url: VOICE_URL });
    await sdk.calls(rung.sid).update({ status: "completed" });
    expect(fake.rung).toMatchObject([{ ring_id: rung.sid, to: "+14155550199", timeout_s: 20 }]);
    expect(fake.moved).toEqual([{ call_id: call.id, url: VOICE_URL }]);
    expect(fake.stopped).toEqual([rung.sid]);
    await expect(sdk.incomingPhoneNumbers.create({ phoneNumber: "+14155550111" })).rejects.toMatchObject({
      code: 21422,
    });
    expect(await sdk.incomingPhoneNumbers(bought.sid).remove()).toBe(true);
    await fake.close();
  });

  it("of Telnyx reads from the fake what we read", async () => {
    const fake = await fakeOf("telnyx");
    fake.for_sale.push(NUMBER);
    recordCall(fake, call);
    const sdk = new Telnyx({ apiKey: FAKE_ACCOUNT.token, baseURL: `${fake.url}/v2`, maxRetries: 0 });
    const forSale = await sdk.availablePhoneNumbers.list({ filter: { national_destination_code: "415" } });
    expect(forSale.data?.[0]?.phone_number).toBe(NUMBER);
    const application = await sdk.texmlApplications.create({
      friendly_name: "calls",
      voice_url: VOICE_URL,
    });
    const connection_id = application.data?.id ?? "";
    await sdk.numberOrders.create({ phone_numbers: [{ phone_number: NUMBER }], connection_id });
    const numbers = await sdk.phoneNumbers.list();
    expect(numbers.data[0]).toMatchObject({ phone_number: NUMBER, connection_id, status: "active" });
    const calls = await sdk.texml.accounts.calls.retrieveCalls(FAKE_ACCOUNT.sid, {});
    expect(calls.calls?.map((one) => one.sid).sort()).toEqual([call.id, call.legs[0]?.id]);
    fake.kinds.set("+14155550177", "mobile");
    const line = await sdk.numberLookup.retrieve("+14155550177", { type: "carrier" });
    expect(line.data?.carrier?.type).toBe("mobile");
    beginCall(fake, { id: "v3:up", to: NUMBER, started_at: NOON });
    const recording = await sdk.texml.accounts.calls.recordingsJson.recordingsJson("v3:up", {
      account_sid: FAKE_ACCOUNT.sid,
      RecordingChannels: "dual",
      RecordingStatusCallback: VOICE_URL,
    });
    expect(recording).toMatchObject({ call_sid: "v3:up", source: "StartCallRecordingAPI" });
    expect(fake.recordings).toMatchObject([{ call_id: "v3:up", callback: VOICE_URL, channels: "dual" }]);
    await fake.close();
  });

  // Its voice requests go to Plivo's host and nowhere else, so numbers must do.
  it("of Plivo reads from the fake what we read", async () => {
    const fake = await fakeOf("plivo");
    fake.for_sale.push(NUMBER);
    const { sid, token } = FAKE_ACCOUNT;
    const sdk = new plivo.Client(sid, token, { url: `${fake.url}/v1/Account/${sid}` } as never);
    const forSale = await sdk.numbers.search("US", { pattern: "415" });
    expect(forSale[0]).toMatchObject({ number: NUMBER.slice(1), voiceEnabled: true });
    const bought = await sdk.numbers.buy(NUMBER.slice(1), "20372631212782780");
    expect(bought).toMatchObject({ status: "fulfilled", numbers: [{ status: "Success" }] });
    await fake.close();
  });
});
