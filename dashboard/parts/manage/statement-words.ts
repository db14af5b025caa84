import type { StatementMonth } from "../../../shared/api/statements.ts";
import { count, counted, moneyIn } from "../../format.ts";
import type { GlyphName } from "../glyph.tsx";

/** Where a month stands: what is left to be paid of it, and what has to come back of what was paid. */
export function monthStanding({ unpaid, currency }: StatementMonth): { glyph: GlyphName; words: string } {
  const { calls = 0, held_calls = 0, overpaid_micros = 0 } = unpaid ?? {};
  const back = overpaid_micros > 0 ? `, ${moneyIn(overpaid_micros, currency)} owed back` : "";
  if (calls > 0) return { glyph: "qualified", words: `${counted(calls, "call")} not paid${back}` };
  if (held_calls > 0) return { glyph: "held", words: `${counted(held_calls, "call")} on hold${back}` };
  return { glyph: "paid", words: `Nothing left to pay${back}` };
}

/** What whoever marks a month as paid is told before. */
export function payingWords({ unpaid, currency }: StatementMonth): string {
  const {
    calls = 0,
    amount_micros = 0,
    held_calls = 0,
    overpaid_calls = 0,
    overpaid_micros = 0,
  } = unpaid ?? {};
  const sentences = [
    `${moneyIn(amount_micros, currency)}, for ${counted(calls, "call")}.`,
    "It says that the money changed hands elsewhere and moves none. It cannot be taken back.",
  ];
  if (overpaid_micros > 0) {
    const back = moneyIn(overpaid_micros, currency);
    sentences.push(
      `${back} that was paid before for ${counted(overpaid_calls, "call")} is not due any more: it is owed back, and is not taken off here.`,
    );
  }
  if (held_calls > 0) sentences.push(`${count(held_calls)} on hold stay as they are, until they are free.`);
  return sentences.join(" ");
}
