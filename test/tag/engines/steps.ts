/** The pages that a browser goes through by itself, in their order, and how many generated pages it tries. */
export const STEPS = {
  names: ["visit", "again", "forms", "links", "decoys", "longer", "generated", "british"],
  pages: 1_000,
  seed: 1,
} as const;

export type Step = (typeof STEPS.names)[number];

/** What a browser says of one page. `complaints`: everything that was an error, or stood in its console. */
export type Found = { step: Step; said: string[]; complaints: string[] };
