import * as v from "valibot";
import { expect } from "vitest";

type Draft = { ok: boolean; value?: unknown; error?: unknown };

/** What a form would send, after the API's own schema has taken it. */
export function sent<S extends v.GenericSchema>(schema: S, draft: Draft): unknown {
  expect(draft.error).toBeUndefined();
  const parsed = v.safeParse(schema, draft.value);
  expect(parsed.issues?.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toBeUndefined();
  return draft.value;
}

/** The fields that a form refused, as the server would point at them. */
export function wrongFields(draft: {
  ok: boolean;
  error?: readonly { pointer: string }[];
}): string[] | undefined {
  return draft.error?.map(({ pointer }) => pointer);
}
