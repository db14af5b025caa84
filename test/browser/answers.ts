import type { Page, Route } from "playwright-core";

/** One JSON, NDJSON or CSV answer that a browser received. */
export type Answer = { url: string; body: string };

const DATA = /json|csv/;
/** Kinds of requests that ask for data, as Playwright names them. */
const ASKED = new Set(["fetch", "xhr"]);

/**
 * Keeps every JSON and CSV answer to what the page asks for from now on. They are read on their way in, for the
 * browser itself forgets the bodies of a page it has left. `all` waits for the ones still on their way. Before the
 * window is closed `end` must be awaited: a page asks on by itself, and an answer that is cut off is an error.
 */
export async function keepAnswers(page: Page): Promise<{ all(): Promise<Answer[]>; end(): Promise<void> }> {
  const answers: Promise<Answer | null>[] = [];
  const keep = async (route: Route): Promise<Answer | null> => {
    const response = await route.fetch();
    const isData = DATA.test(response.headers()["content-type"] ?? "");
    const answer = isData ? { url: response.url(), body: await response.text() } : null;
    // A page that was left meanwhile takes no answer; what it would have told is kept all the same.
    await route.fulfill({ response }).catch(() => undefined);
    return answer;
  };
  await page.route("**/*", (route) => {
    if (!ASKED.has(route.request().resourceType())) return route.continue();
    const answer = keep(route);
    answers.push(answer);
    return answer.then(() => undefined);
  });
  return {
    all: async () => (await Promise.all(answers)).filter((answer) => answer !== null),
    end: () => page.unrouteAll({ behavior: "wait" }),
  };
}

type Fact = { name: string; value: unknown };

/** Every name with its value, however deep, of an answer; of CSV the columns with their cells. */
export function factsOf(answer: Answer): Fact[] {
  if (/^\s*[[{]/.test(answer.body)) return namedIn(JSON.parse(answer.body));
  const [head = "", ...lines] = answer.body.trim().split("\n");
  const names = head.split(",");
  // Quoted commas shift cells, which changes their names but hides none of them.
  return lines.flatMap((line) =>
    line.split(",").map((cell, i) => ({ name: names[i] ?? "", value: cell === "" ? cell : asValue(cell) })),
  );
}

function asValue(cell: string): unknown {
  const number = Number(cell);
  return Number.isNaN(number) ? cell : number;
}

function namedIn(value: unknown, name = ""): Fact[] {
  if (Array.isArray(value)) return value.flatMap((one) => namedIn(one, name));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, one]) => [{ name: key, value: null }, ...namedIn(one, key)]);
  }
  return [{ name, value }];
}

/** What a side must not learn, in each form in which it could. */
export type Secrets = {
  /** Names of fields and columns. */
  names: RegExp;
  /** Amounts in micros, whatever their sign. */
  amounts: number[];
  /** Texts: names, ids, callers' numbers. Digits are compared without what stands between them. */
  words: string[];
};

const squeezed = (text: string) => text.replaceAll(/[\s\u00a0\u2011()·-]/g, "").toLowerCase();

/** Where the answers tell a secret, as lines that name it. */
export function leaksIn(answers: readonly Answer[], secrets: Secrets): string[] {
  return answers.flatMap((answer) => {
    const path = answer.url.replace(/^https?:\/\/[^/]+/, "");
    const named = factsOf(answer).flatMap(({ name, value }) => {
      if (secrets.names.test(name)) return [`${path}: field ${name}`];
      const amount = typeof value === "number" ? Math.abs(value) : null;
      return amount !== null && secrets.amounts.includes(amount) ? [`${path}: ${name} is ${value}`] : [];
    });
    return [...new Set([...named, ...wordsIn(path, answer.body, secrets)])];
  });
}

/** The secrets that a text tells, after `where` it stands. */
export function wordsIn(where: string, text: string, secrets: Secrets): string[] {
  const found = squeezed(text);
  return secrets.words.filter((word) => found.includes(squeezed(word))).map((word) => `${where}: ${word}`);
}
