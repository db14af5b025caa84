import * as v from "valibot";
import { E164Schema, Hours, IdSchema, Region, Seconds } from "./common.ts";
import { PromptSchema } from "./ivr-prompt.ts";

export type { FlowPrompt } from "./ivr-prompt.ts";

/**
 * A campaign's call flow: what a caller and an agent hear, what is asked by keys, what is recorded. Data, in immutable
 * versions; what makes a menu a sound graph is said in `edge/routing/model/ivr-graph.ts`.
 */

const NODES_MAX = 100;

const Digit = v.pipe(v.string("must be text"), v.regex(/^[0-9]$/, "must be a digit"));
/** Keys as a phone has them. */
const Key = v.pipe(v.string("must be text"), v.regex(/^[0-9*#]$/, "must be one of 0-9, * and #"));

/** A step's name inside its flow: it stands in addresses and reports. */
const NodeId = v.pipe(
  v.string("must be text"),
  v.regex(/^[a-z][a-z0-9_]{0,39}$/, "must be small letters, digits and _, beginning with a letter"),
);

const question = {
  id: NodeId,
  prompt: PromptSchema,
  /** Where a caller goes who pressed nothing, or nothing that was offered, in all tries. */
  otherwise: NodeId,
  tries: v.optional(
    v.pipe(
      v.number("must be a whole number"),
      v.integer(),
      v.minValue(1, "must be at least 1"),
      v.maxValue(5, "must be at most 5"),
    ),
    2,
  ),
  timeout_s: v.optional(Seconds(1, 20), 5),
};

/** Offers keys, each with where it leads. */
export const MenuNode = v.strictObject({
  kind: v.literal("menu"),
  ...question,
  keys: v.pipe(
    v.array(v.strictObject({ key: Key, to: NodeId })),
    v.minLength(1, "must offer a key"),
    v.maxLength(12, "at most 12 keys"),
  ),
});

/** Any key will do: somebody is there. */
export const KeyPressNode = v.strictObject({ kind: v.literal("key_press"), ...question, pressed: NodeId });

/** A number, such as a postal code. Fewer digits than a payment card has, so that none is asked for. */
export const NumberQuestionNode = v.strictObject({
  kind: v.literal("number_question"),
  ...question,
  digits_min: v.optional(
    v.pipe(v.number("must be a whole number"), v.integer(), v.minValue(1), v.maxValue(12)),
    1,
  ),
  digits_max: v.pipe(
    v.number("must be a whole number"),
    v.integer("must be a whole number"),
    v.minValue(1, "must be at least 1"),
    v.maxValue(12, "must be at most 12"),
  ),
  to: NodeId,
});

/** 1 is yes and 2 is no. */
export const YesNoNode = v.strictObject({ kind: v.literal("yes_no"), ...question, yes: NodeId, no: NodeId });

/** Says or plays something and goes on. */
export const SayNode = v.strictObject({
  kind: v.literal("say"),
  id: NodeId,
  prompt: PromptSchema,
  to: NodeId,
});

const not = v.optional(v.boolean("must be true or false"), false);

/** One thing that is true or false of the call. `not` turns it round. */
export const FlowTest = v.variant(
  "kind",
  [
    v.strictObject({ kind: v.literal("hours"), hours: Hours, not }),
    /** By the caller's area code; of a caller without one it is false. */
    v.strictObject({
      kind: v.literal("region"),
      regions: v.pipe(
        v.array(Region),
        v.minLength(1, "must name a region"),
        v.maxLength(300, "at most 300 regions"),
      ),
      not,
    }),
    v.strictObject({ kind: v.literal("hidden_caller"), not }),
    /** What was pressed at an earlier question is one of these. */
    v.strictObject({
      kind: v.literal("pressed"),
      question: NodeId,
      keys: v.pipe(
        v.array(v.pipe(v.string("must be text"), v.regex(/^[0-9*#]{1,12}$/, "must be keys of a phone"))),
        v.minLength(1, "must name a key"),
        v.maxLength(200, "at most 200 entries"),
      ),
      not,
    }),
    /** What was pressed begins with one of these: the first digits of a postal code. */
    v.strictObject({
      kind: v.literal("begins"),
      question: NodeId,
      digits: v.pipe(
        v.array(v.pipe(v.string("must be text"), v.regex(/^[0-9]{1,12}$/, "must be digits"))),
        v.minLength(1, "must name digits"),
        v.maxLength(1_000, "at most 1000 entries"),
      ),
      not,
    }),
    /** The number that was pressed lies between these, both included. */
    v.strictObject({
      kind: v.literal("between"),
      question: NodeId,
      from: v.optional(v.pipe(v.number("must be a whole number"), v.integer(), v.minValue(0))),
      to: v.optional(v.pipe(v.number("must be a whole number"), v.integer(), v.minValue(0))),
      not,
    }),
  ],
  "must be one of hours, region, hidden_caller, pressed, begins, between",
);
export type FlowTest = v.InferOutput<typeof FlowTest>;

/** Goes on at `met` when all of its tests, or at least one, are true. */
export const ConditionNode = v.strictObject({
  kind: v.literal("condition"),
  id: NodeId,
  match: v.optional(v.picklist(["all", "any"], "must be all or any"), "all"),
  tests: v.pipe(v.array(FlowTest), v.minLength(1, "must have a test"), v.maxLength(20, "at most 20 tests")),
  met: NodeId,
  otherwise: NodeId,
});

const targetIds = v.pipe(
  v.array(IdSchema("target")),
  v.minLength(1, "must name a target"),
  v.maxLength(20, "at most 20 targets"),
);

const rung = {
  /** Where the caller goes whom nobody answered; without it, by the campaign's `overflow`. */
  otherwise: v.optional(NodeId),
  /**
   * Makes these phones qualifiers: when one of them has talked to the caller and hung up, the caller goes on there, as
   * a rule to be put through to a buyer. Money counts the buyer's leg alone.
   */
  afterwards: v.optional(NodeId),
};

/** Puts the caller through as the campaign's routing says, among these targets or all of them. */
export const ConnectNode = v.strictObject({
  kind: v.literal("connect"),
  id: NodeId,
  target_ids: v.optional(targetIds),
  ...rung,
});

/** Rings the targets of a group, all at once or one after another, as the group says. */
export const RingGroupNode = v.strictObject({
  kind: v.literal("ring_group"),
  id: NodeId,
  group_id: IdSchema("target_group"),
  ...rung,
});

/** Takes a message; without a prompt of its own it has the flow's. The call ends with it. */
export const VoicemailNode = v.strictObject({
  kind: v.literal("voicemail"),
  id: NodeId,
  prompt: v.optional(PromptSchema),
});

/** Ends the call, with some words or none. */
export const HangUpNode = v.strictObject({
  kind: v.literal("hang_up"),
  id: NodeId,
  prompt: v.optional(PromptSchema),
});

export const FlowNode = v.variant(
  "kind",
  [
    MenuNode,
    KeyPressNode,
    NumberQuestionNode,
    YesNoNode,
    SayNode,
    ConditionNode,
    ConnectNode,
    RingGroupNode,
    VoicemailNode,
    HangUpNode,
  ],
  "must be one of menu, key_press, number_question, yes_no, say, condition, connect, ring_group, voicemail, hang_up",
);
export type FlowNode = v.InferOutput<typeof FlowNode>;
export type FlowNodeKind = FlowNode["kind"];

/** A menu as a graph: where it starts and its steps, each naming where it leads. */
export const FlowMenu = v.strictObject({
  start: NodeId,
  nodes: v.pipe(
    v.array(FlowNode),
    v.minLength(1, "must have a step"),
    v.maxLength(NODES_MAX, `at most ${NODES_MAX} steps`),
  ),
});
export type FlowMenu = v.InferOutput<typeof FlowMenu>;

/**
 * Recording, off unless it is here. Whoever is recorded is told so before it begins: the caller by `notice` (before
 * it rings), the agent by the whisper. With `decline_key` the caller may go on unrecorded.
 */
export const FlowRecording = v.strictObject({
  notice: v.optional(PromptSchema),
  decline_key: v.optional(Key),
  /** Which sides besides the network may listen. */
  heard_by: v.optional(
    v.pipe(
      v.array(v.picklist(["advertiser", "publisher"], "must be advertiser or publisher")),
      v.maxLength(2, "at most 2 sides"),
    ),
    () => [],
  ),
});
export type FlowRecording = v.InferOutput<typeof FlowRecording>;

/** A new, immutable version of a campaign's call flow. Everything may be left out: then calls are put through at once. */
export const CallFlowInput = v.strictObject({
  greeting: v.optional(PromptSchema),
  menu: v.optional(FlowMenu),
  recording: v.optional(FlowRecording),
  /** What the agent hears alone before the caller is let through. */
  whisper: v.optional(PromptSchema),
  /** The key by which the agent takes the call; who does not press it was not connected. */
  accept_key: v.optional(Digit),
  /** What the agent's phone shows: the caller's number, the number that was called, or one of yours. */
  caller_id: v.optional(
    v.union([v.picklist(["caller", "number"]), E164Schema], "must be caller, number or an E.164 number"),
    "caller",
  ),
  /** How long caller and agent may talk. */
  max_duration_s: v.optional(Seconds(60, 14_400)),
  /** How long a caller may hear ringing, over all phones together, before it goes on as when nobody answers. */
  ring_max_s: v.optional(Seconds(10, 1_800)),
  /** How long a caller may stay in the menu who presses nothing at all. */
  dead_air_s: v.optional(Seconds(5, 600), 120),
  /** How long recordings and messages are kept; without it, as long as the provider and the archive keep them. */
  recordings_kept_days: v.optional(
    v.pipe(
      v.number("must be a whole number"),
      v.integer("must be a whole number"),
      v.minValue(1, "must be at least 1"),
      v.maxValue(3_650, "must be at most 3650"),
    ),
  ),
  voicemail: v.optional(
    v.strictObject({
      prompt: v.optional(PromptSchema),
      max_duration_s: v.optional(Seconds(10, 600), 120),
    }),
  ),
});
export type CallFlowInput = v.InferOutput<typeof CallFlowInput>;
/** A call flow as it is kept. */
export type CallFlow = CallFlowInput;

export const CallFlowVersion = v.object({
  id: v.string(),
  campaign_id: v.string(),
  version: v.number(),
  created_at: v.number(),
  flow: CallFlowInput,
});
export type CallFlowVersion = v.InferOutput<typeof CallFlowVersion>;
