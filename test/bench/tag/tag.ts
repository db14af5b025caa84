import type { Figure } from "../figure.ts";
import { Arena } from "./arena.ts";
import { asFigures, asMarkdown, standings } from "./scoreboard.ts";
import { benchSpeed } from "./speed.ts";

/** The tag's speed, and its scoreboard beside other ways to swap numbers, which is also printed as a table. */
export async function benchTag(): Promise<Figure[]> {
  const arena = await Arena.open();
  try {
    const speed = await benchSpeed(arena);
    const table = await standings(arena);
    console.log(`${asMarkdown(table)}\n`);
    return [...speed, ...asFigures(table)];
  } finally {
    await arena.close();
  }
}
