import { useState } from "preact/hooks";
import type { CallFlowInput, CallFlowVersion } from "../../../shared/api/ivr.ts";
import { ApiProblem, ask, client } from "../../api.ts";
import { CheckField, ChoiceField, Form, LinesField, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import {
  callerIdChoice,
  gatherMenuFaults,
  readFlow,
  recordingChoice,
  writeLength,
  writeMenu,
  writePrompt,
} from "./draft.ts";
import { EXAMPLES } from "./examples.ts";
import { TryDraft } from "./try-draft.tsx";

type Props = {
  campaign_id: string;
  /** What the fields begin with. */
  flow: CallFlowInput;
  /** Shows a draft before it is saved. */
  onTry: (flow: CallFlowInput) => void;
  done: () => void;
  leave: () => void;
};

/** Asks the API, and shows what is wrong inside the menu at the menu's field. */
async function send(campaign_id: string, json: CallFlowInput): Promise<CallFlowVersion> {
  try {
    return await ask(client.campaigns[":id"]["call-flows"].$post, { param: { id: campaign_id }, json });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, title, message, request_id, errors } = error;
    throw new ApiProblem(status, title, message, request_id, gatherMenuFaults(errors));
  }
}

/** The form of a new version of the call flow: what is heard, recorded and asked. */
export function FlowForm({ campaign_id, flow, onTry, done, leave }: Props) {
  const form = useForm({
    read: readFlow,
    send: (json: CallFlowInput) => send(campaign_id, json),
    done: ({ version }) => {
      done();
      toast(`Version ${version} is in force for every call that rings from now on.`);
    },
  });
  return (
    <Panel
      title="Change the call flow"
      lead="A new version, for calls that ring from now on; who is in a menu stays in the version it began in. What is heard is read out; the https address of a sound file is played."
    >
      <Form form={form} act="Save a new version" leave="Keep it as it is" onLeave={leave}>
        <TextField
          name="greeting"
          label="Greeting"
          optional
          value={writePrompt(flow.greeting)}
          maxLength={500}
        />
        <MenuField flow={flow} />
        <RecordingFields flow={flow} />
        <AgentFields flow={flow} />
        <TextField
          name="voicemail/prompt"
          label="Before a message is left"
          optional
          value={writePrompt(flow.voicemail?.prompt)}
          maxLength={500}
        />
        <TextField
          name="voicemail/max_duration_s"
          label="A message lasts at most"
          optional
          value={writeLength(flow.voicemail?.max_duration_s)}
          placeholder="120 s"
        />
        <TextField
          name="ring_max_s"
          label="Ringing in all"
          optional
          value={writeLength(flow.ring_max_s)}
          placeholder="300 s"
          hint="After so long no further phone is rung."
        />
        <TextField
          name="dead_air_s"
          label="Silence in the menu"
          value={writeLength(flow.dead_air_s)}
          hint="The longest that somebody stays who presses nothing."
        />
        <TextField
          name="recordings_kept_days"
          label="Recordings kept, days"
          optional
          numeric
          value={flow.recordings_kept_days === undefined ? "" : String(flow.recordings_kept_days)}
          hint="Messages, too. Empty: as long as phone company and archive keep them."
        />
        <TryDraft campaign_id={campaign_id} onTry={onTry} />
      </Form>
    </Panel>
  );
}

const rowsOf = (menu: string): number => Math.min(18, Math.max(8, menu.split("\n").length + 1));

/** Puts an example into the menu's field, as if it were typed; what stood there comes back by the toast's Undo. */
function putExample({ form }: HTMLButtonElement, menu: string): void {
  const field = form?.elements.namedItem("menu");
  if (!(field instanceof HTMLTextAreaElement)) return;
  const before = field.value;
  const write = (text: string) => {
    field.value = text;
    field.rows = rowsOf(text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  write(menu);
  if (before.trim() === "" || before === menu) return;
  toast("The menu is now the example's.", { label: "Undo", run: () => write(before) });
}

function MenuField({ flow }: { flow: CallFlowInput }) {
  const menu = writeMenu(flow.menu);
  return (
    <>
      <LinesField
        name="menu"
        label="Menu"
        optional
        rows={rowsOf(menu)}
        value={menu}
        placeholder={writeMenu(EXAMPLES[0]?.menu)}
        hint="JSON, a step a line. Steps: menu, key_press, number_question, yes_no, say, condition, connect, ring_group, voicemail, hang_up."
      />
      <p class="whole examples">
        Begin with an example:
        {EXAMPLES.map((example) => (
          <button
            key={example.name}
            class="link"
            type="button"
            onClick={(event) => putExample(event.currentTarget, writeMenu(example.menu))}
          >
            {example.name}
          </button>
        ))}
      </p>
    </>
  );
}

function RecordingFields({ flow }: { flow: CallFlowInput }) {
  const [choice, setChoice] = useState<string>(recordingChoice(flow));
  const heard = flow.recording?.heard_by ?? [];
  return (
    <>
      <ChoiceField
        name="recording"
        label="Recording"
        value={choice}
        onChange={setChoice}
        choices={[
          { value: "off", label: "off" },
          { value: "announced", label: "on, announced to both" },
          { value: "may_decline", label: "on, and the caller may decline" },
        ]}
      />
      {choice !== "off" && (
        <TextField
          name="recording/notice"
          label="What the caller is told"
          optional
          value={writePrompt(flow.recording?.notice)}
          placeholder="This call will be recorded."
          maxLength={500}
        />
      )}
      {choice === "may_decline" && (
        <TextField
          name="recording/decline_key"
          label="Key that declines"
          value={flow.recording?.decline_key ?? "9"}
          maxLength={1}
          hint="Which key it is, the caller is told."
        />
      )}
      {choice !== "off" && (
        <>
          <CheckField
            name="recording/advertiser"
            label="The advertiser may listen"
            checked={heard.includes("advertiser")}
          />
          <CheckField
            name="recording/publisher"
            label="The publisher may listen"
            checked={heard.includes("publisher")}
          />
        </>
      )}
    </>
  );
}

function AgentFields({ flow }: { flow: CallFlowInput }) {
  const [shown, setShown] = useState<string>(callerIdChoice(flow));
  return (
    <>
      <TextField
        name="whisper"
        label="What the agent hears alone"
        optional
        value={writePrompt(flow.whisper)}
        maxLength={500}
      />
      <TextField
        name="accept_key"
        label="Key that takes the call"
        optional
        numeric
        value={flow.accept_key ?? ""}
        maxLength={1}
        hint="Who does not press it was not connected."
      />
      <ChoiceField
        name="caller_id"
        label="The agent's phone shows"
        value={shown}
        onChange={setShown}
        choices={[
          { value: "caller", label: "the caller's number" },
          { value: "number", label: "the number that was called" },
          { value: "own", label: "a number of yours" },
        ]}
      />
      {shown === "own" && (
        <TextField
          name="caller_id/own"
          label="Your number"
          value={callerIdChoice(flow) === "own" ? flow.caller_id : ""}
          placeholder="+14155550199"
        />
      )}
      <TextField
        name="max_duration_s"
        label="They talk at most"
        optional
        value={writeLength(flow.max_duration_s)}
        placeholder="60 min"
      />
    </>
  );
}
