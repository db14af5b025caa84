import type * as v from "valibot";
import type { Fault } from "../../platform/problem.ts";

type Issue = v.BaseIssue<unknown>;
type PathItem = v.IssuePathItem;

const FAULTS_MAX = 50;

/** What to say of a schema without a message of its own. Valibot's texts name its types, not the user's. */
const TYPE_DETAILS: Record<string, string> = {
  string: "must be text",
  number: "must be a number",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be an object",
  strict_object: "must be an object",
  record: "must be an object",
};

/**
 * The faults of a body, each with the RFC 6901 pointer of the field it is about. A fault of the body as a whole
 * has the pointer "" (the whole document).
 */
export function bodyFaults(issues: readonly Issue[]): Fault[] {
  return issues.slice(0, FAULTS_MAX).map((issue) => {
    const steps = (issue.path ?? []) as PathItem[];
    const pointer = steps.map((step) => `/${escapePointer(String(step.key))}`).join("");
    return { pointer, detail: detailOf(issue, "field of this resource") };
  });
}

/** The faults of a query string, each named `?parameter`. */
export function queryFaults(issues: readonly Issue[]): Fault[] {
  return issues.slice(0, FAULTS_MAX).map((issue) => {
    const [first] = (issue.path ?? []) as PathItem[];
    const detail = detailOf(issue, "parameter of this request");
    return { pointer: first ? `?${String(first.key)}` : "?", detail };
  });
}

function detailOf(issue: Issue, noun: string): string {
  const last = (issue.path as PathItem[] | undefined)?.at(-1);
  if (last && "origin" in last && last.origin === "key") {
    return issue.expected === "never" ? `is not a ${noun}` : "is required";
  }
  if (!issue.message.startsWith("Invalid ")) return issue.message;
  return TYPE_DETAILS[issue.type] ?? `must be ${issue.expected ?? "another value"}`;
}

/** `~` and `/` inside a member's name are written `~0` and `~1` (RFC 6901 §3). */
function escapePointer(key: string): string {
  return key.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
}
