/**
 * The answers that a caller has given so far, as a short text: it stands in the address that is asked next, so a menu
 * goes on from the request alone, also while the database is silent, and a request that comes twice has one answer.
 * One answer for each question, with dots between: the keys (`*` as `s`, `#` as `h`), `-` for none, `x` where phones
 * rang and nobody took the call, `c` where nobody was open and none rang, `q` where a qualifier has talked to the caller.
 */
export type FlowAnswer = { kind: "keys"; keys: string | null } | { kind: keyof typeof LETTERS };

const LETTERS = { unanswered: "x", closed: "c", qualified: "q" } as const;

/** A phone's keys in one answer; more than any question takes. */
const KEYS_MAX = 12;
/** Far more than the deepest menu with all its tries asks. */
const ANSWERS_MAX = 120;

const ANSWER = /^(-|x|c|q|[0-9sh]{1,12})$/;

/** The keys as they were pressed, or null where they are none or no phone's. */
export function pressedKeys(digits: string | null): string | null {
  return digits !== null && /^[0-9*#]+$/.test(digits) ? digits.slice(0, KEYS_MAX) : null;
}

/** The path with one answer more. */
export function extendPath(path: string, answer: FlowAnswer): string {
  const text = answer.kind === "keys" ? writtenKeys(answer.keys) : LETTERS[answer.kind];
  return path === "" ? text : `${path}.${text}`;
}

function writtenKeys(keys: string | null): string {
  return keys === null || keys === "" ? "-" : keys.replaceAll("*", "s").replaceAll("#", "h");
}

/** Null when the text is no path: it came in an address, which anybody with the secret may write. */
export function readPath(path: string): FlowAnswer[] | null {
  if (path === "") return [];
  const answers = path.split(".");
  if (answers.length > ANSWERS_MAX || !answers.every((answer) => ANSWER.test(answer))) return null;
  return answers.map((text): FlowAnswer => {
    if (text === "x") return { kind: "unanswered" };
    if (text === "c") return { kind: "closed" };
    if (text === "q") return { kind: "qualified" };
    return {
      kind: "keys",
      keys: text === "-" ? null : text.replaceAll("s", "*").replaceAll("h", "#"),
    };
  });
}
