import type { NumbersInput } from "../../../shared/api/inventory.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { ApiProblem } from "../../api.ts";
import { counted } from "../../format.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";
import { readPlace } from "./drafts.ts";

/** Which account is asked for numbers of where. */
export type Search = { account_id: string; country: string; area_code?: string };

const readCountry = (text: string): Result<string, string> => {
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) ? ok(code) : err("Write two letters, such as US.");
};

export function readSearch(values: Values): Draft<Search> {
  const read = new Reading(values);
  return read.body({
    account_id: read.required("account_id", "Choose whose numbers they will be."),
    country: read.value("country", readCountry, ""),
    area_code: read.text("area_code") || undefined,
  });
}

/** The field of one number that can be chosen. */
export const chosenField = (e164: string) => `e164/${e164}`;

/** Reads which of the numbers for sale were chosen, and where they are to serve. */
export function readPurchase(
  values: Values,
  account_id: string,
  for_sale: readonly string[],
): Draft<NumbersInput> {
  const read = new Reading(values);
  const e164 = for_sale.filter((number) => read.checked(chosenField(number)));
  const place = readPlace(read);
  if (e164.length === 0) return err([{ pointer: "", detail: "Choose one number at least." }]);
  return read.body({
    telephony_account_id: account_id,
    e164,
    ...place,
    label: read.text("label") || undefined,
  });
}

/** The two steps of a purchase; each throws an `ApiProblem`. */
export type Shop = {
  /** Buys one at the provider; one that the account has already is bought. */
  buy: (account_id: string, e164: string) => Promise<unknown>;
  /** Puts numbers to use here, all or none. */
  add: (numbers: NumbersInput) => Promise<unknown>;
};

/** `left`: those that were not bought, and what the provider said of the first. */
export type Purchase = { added: number; left: number; why: string | null };

/** Only this one number is gone: the next may still be had. */
const GONE = 409;

/**
 * Buys one number after the other and puts those to use that were bought, whatever became of the others. Throws when
 * none was bought, and when what was bought could not be put to use: that says so, and trying again buys nothing twice.
 */
export async function buyNumbers(numbers: NumbersInput, { buy, add }: Shop): Promise<Purchase> {
  const bought: string[] = [];
  let problem: ApiProblem | null = null;
  for (const e164 of numbers.e164) {
    try {
      await buy(numbers.telephony_account_id, e164);
      bought.push(e164);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      problem ??= error;
      if (error.status !== GONE) break;
    }
  }
  if (bought.length === 0 && problem) throw problem;
  try {
    await add({ ...numbers, e164: bought });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, title, message, request_id, errors } = error;
    const said = `${bought.join(", ")}: bought, but not put to use. ${message}`;
    throw new ApiProblem(status, title, said, request_id, [...errors]);
  }
  return {
    added: bought.length,
    left: numbers.e164.length - bought.length,
    why: problem?.message ?? null,
  };
}

/** What became of it, for whoever bought. */
export function purchaseWords({ added, left, why }: Purchase): string {
  const words = `${counted(added, "number")} bought; calls to ${added === 1 ? "it" : "them"} count from now on.`;
  return left === 0 ? words : `${words} ${left} could not be had: ${why}`;
}
