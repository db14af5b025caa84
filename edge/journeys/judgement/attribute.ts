import { type CampaignSettings, type Decision, decide, type Rung } from "../../attribution/decide.ts";
import {
  type CallPlace,
  forgetStep,
  memoryOf,
  rememberStep,
  selectLastSeq,
  selectSteps,
  type TriedSteps,
  withTried,
} from "../../attribution/memory-store.ts";
import { type Parameters, START } from "../../attribution/model/parameters.ts";
import { NO_PAST, type Past } from "../../attribution/model/past.ts";
import { type FittedModel, parametersOf, selectModel } from "../../attribution/model-store.ts";
import type { AttributionRow } from "../../attribution/store.ts";
import type { Inputs } from "../../attribution/tables.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Db, Statement } from "../../platform/db.ts";

type PoolRung = Extract<Rung, { kind: "pool" }>;

/** A decision, and what later calls of the pool are to remember of it. */
export type Attributed = { decision: Decision; statements: Statement[] };

/** What a preview decides with: another model, and what earlier calls would say by it. */
export type Tried = { parameters?: Parameters | null; steps?: TriedSteps };
/** `before`: the model by which the call was judged before, if it was. */
export type Basis = Tried & { before?: string | null };

const NOTHING_TRIED: TriedSteps = new Map();

/**
 * Decides where a call came from, by the model that was in force when it began and by what earlier calls of its pool
 * say; `instead` is what to try instead. The statements take the pool's next step: whoever decided meanwhile
 * without seeing it decides again.
 */
export async function attribute(
  db: Db,
  row: CallRow,
  rung: Rung,
  settings: CampaignSettings,
  instead: Basis = {},
): Promise<Attributed> {
  const place = placeOf(row);
  if (rung.kind === "static" || place === null) {
    // It may have been a pool's, as its number's assignment was said to be then.
    const was = instead.before ?? null;
    return {
      decision: decide(rung, settings, START),
      statements: was === null ? [] : forgetStep(db, row.id),
    };
  }
  const { model, past, seq } = await recall(db, place, rung, instead.steps ?? NOTHING_TRIED);
  const parameters = parametersOf(model, instead.before);
  const decided = decide(rung, settings, instead.parameters ?? parameters, past);
  const { inputs } = decided;
  const decision = { ...decided, inputs: inputs && { ...inputs, pool_id: place.pool_id } };
  // A test call is not learned from, neither by the nightly fit nor by the next caller.
  const statements =
    row.is_test || decision.step === null
      ? forgetStep(db, row.id)
      : rememberStep(
          db,
          { ...place, network_id: row.network_id },
          { ...decision.step, caller: place.caller },
          seq + 1,
        );
  return { decision, statements };
}

/** Where a call stands among its pool's; null for one that no pool's number received. */
export function placeOf(row: CallRow): CallPlace | null {
  const { id, pool_id, number_key, from_hash, started_at, provider_call_id } = row;
  if (pool_id === null || number_key === null) return null;
  return { call_id: id, pool_id, number_key, caller: from_hash, started_at, provider_call_id };
}

async function recall(
  db: Db,
  place: CallPlace,
  { snapshot }: PoolRung,
  tried: TriedSteps,
): Promise<{ model: FittedModel | undefined; past: Past; seq: number }> {
  const visitors = [...new Set(snapshot.candidates.map(({ visitor }) => visitor))];
  const [models, stored, last] = await db.batch([
    selectModel(db, place.pool_id, place.started_at),
    selectSteps(db, place, visitors),
    selectLastSeq(db, place.pool_id),
  ]);
  const steps = withTried(stored, tried, place, visitors);
  const { caller, number_key } = place;
  const past =
    steps.length === 0
      ? NO_PAST
      : memoryOf(steps).recall({ caller, number_key, candidates: snapshot.candidates });
  return { model: models[0], past, seq: last[0]?.seq ?? 0 };
}

/**
 * Whether a call attributed before would be attributed the same again: by the same model, from the same facts, among the
 * same pool's calls. That an older attribution does not say whose settings it was made with, or in which pool, is no
 * difference.
 */
export function isAsBefore({ attribution, inputs }: Decision, before: AttributionRow | null): boolean {
  if (before === null) return false;
  const { campaign_id: _, ...older } = attribution;
  const now = before.attribution.campaign_id === undefined ? older : attribution;
  return (
    JSON.stringify(before.inputs) === JSON.stringify(asSaidBy(before.inputs, inputs)) &&
    JSON.stringify(before.attribution) === JSON.stringify(now)
  );
}

function asSaidBy(before: Inputs | null, inputs: Inputs | null): Inputs | null {
  if (!before || !inputs || before.pool_id !== undefined) return inputs;
  const { pool_id: _, ...older } = inputs;
  return older;
}
