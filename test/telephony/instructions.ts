import type {
  DialInstruction,
  GatherInstruction,
  RecordBoth,
  VoicemailInstruction,
  WhisperInstruction,
} from "../../edge/telephony/port.ts";

/** What a call may be told, as the journeys would tell it. */

export const HOOKS = "https://calls.example.com/v1/telephony/tel_1";
/** Where a recording is reported that begins with an agent's phone, and where it is begun where no answer can. */
export const record: RecordBoth = {
  callback: `${HOOKS}/recording?of=CA1`,
  joined: `${HOOKS}/gather/cal_1/joined?of=CA1`,
};
export const dial: DialInstruction = {
  action: "dial",
  before: [],
  phones: [{ target: "+14155550199", whispers: false }],
  caller_id: null,
  timeout_s: 30,
  max_duration_s: null,
  record: false,
  callbacks: {
    dial_action: `${HOOKS}/dial/cal_1`,
    leg_status: `${HOOKS}/status`,
    whisper: null,
  },
};
/** Everything at once: announced, recorded, two phones of which one whispers and asks for a key. */
export const rich: DialInstruction = {
  ...dial,
  before: [{ say: "This call is recorded." }, { play: "https://calls.example.com/hello.mp3" }],
  phones: [
    { target: "+14155550199", whispers: true, accept_key: "1" },
    { target: "sip:desk@pbx.example", whispers: false },
  ],
  caller_id: "+16285550101",
  max_duration_s: 3_600,
  record: true,
  callbacks: {
    ...dial.callbacks,
    whisper: `${HOOKS}/gather/cal_1/whisper`,
  },
};
export const gather: GatherInstruction = {
  action: "gather",
  before: [{ say: "Welcome." }],
  prompt: { say: "Press 1." },
  digits_max: 1,
  finish_on_key: null,
  timeout_s: 6,
  callback: `${HOOKS}/gather/cal_1/ivr-1`,
};
export const voicemail: VoicemailInstruction = {
  action: "voicemail",
  prompt: { say: "Leave a message." },
  max_duration_s: 120,
  callbacks: { recording: `${HOOKS}/recording`, done: `${HOOKS}/gather/cal_1/done` },
};
export const whisper: Extract<WhisperInstruction, { action: "whisper" }> = {
  action: "whisper",
  prompt: { say: "A call about plumbing." },
  accept_key: "1",
  timeout_s: 10,
  callback: `${HOOKS}/gather/cal_1/accept`,
};
