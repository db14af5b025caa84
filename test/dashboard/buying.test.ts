import { describe, expect, it } from "vitest";
import { ApiProblem } from "../../dashboard/api.ts";
import {
  buyNumbers,
  chosenField,
  purchaseWords,
  readPurchase,
  readSearch,
  type Shop,
} from "../../dashboard/pages/numbers/buying.ts";

const ACCOUNT = "tel_01";
const [A, B, C] = ["+14155550101", "+14155550102", "+14155550103"] as const;
const WANTED = { telephony_account_id: ACCOUNT, e164: [A, B, C], pool_id: "pool_01" };

const problem = (status: number, detail: string) => new ApiProblem(status, "Refused", detail, "req_1", []);

/** A shop in which buying and adding go as they are told, and what was asked of it. */
function shop(refusals: Readonly<Record<string, ApiProblem>>, added: ApiProblem | null = null) {
  const asked: unknown[] = [];
  const at: Shop = {
    buy: async (account_id, e164) => {
      asked.push([account_id, e164]);
      const refusal = refusals[e164];
      if (refusal) throw refusal;
    },
    add: async (numbers) => {
      asked.push(numbers);
      if (added) throw added;
    },
  };
  return { at, asked };
}

describe("reading a purchase", () => {
  it("takes two letters for the country, in either case, and leaves the area code out", () => {
    const search = (country: string) => readSearch({ account_id: ACCOUNT, country, area_code: "" });
    expect(search("us")).toEqual({ ok: true, value: { account_id: ACCOUNT, country: "US" } });
    expect(search("usa")).toMatchObject({ ok: false, error: [{ pointer: "/country" }] });
  });

  it("buys what was chosen among what is for sale, and refuses to buy nothing", () => {
    const place = { pool_id: "pool_01", label: " Spring " };
    const chosen = { ...place, [chosenField(B)]: "on", [chosenField("+19995550100")]: "on" };
    expect(readPurchase(chosen, ACCOUNT, [A, B])).toEqual({
      ok: true,
      value: { telephony_account_id: ACCOUNT, e164: [B], pool_id: "pool_01", label: "Spring" },
    });
    expect(readPurchase(place, ACCOUNT, [A, B])).toEqual({
      ok: false,
      error: [{ pointer: "", detail: "Choose one number at least." }],
    });
  });
});

describe("buying numbers", () => {
  it("buys one after the other, then puts all to use at once", async () => {
    const { at, asked } = shop({});
    expect(await buyNumbers(WANTED, at)).toEqual({ added: 3, left: 0, why: null });
    expect(asked).toEqual([[ACCOUNT, A], [ACCOUNT, B], [ACCOUNT, C], WANTED]);
  });

  it("goes on when one is gone, and says which trouble it was", async () => {
    const { at, asked } = shop({ [B]: problem(409, "It is not for sale.") });
    expect(await buyNumbers(WANTED, at)).toEqual({ added: 2, left: 1, why: "It is not for sale." });
    expect(asked.at(-1)).toEqual({ ...WANTED, e164: [A, C] });
  });

  it("stops when the provider cannot be asked, and puts to use what it has", async () => {
    const { at, asked } = shop({ [B]: problem(503, "It does not answer.") });
    expect(await buyNumbers(WANTED, at)).toEqual({ added: 1, left: 2, why: "It does not answer." });
    expect(asked).toEqual([[ACCOUNT, A], [ACCOUNT, B], { ...WANTED, e164: [A] }]);
  });

  it("adds nothing when nothing was bought", async () => {
    const refused = problem(409, "It is not for sale.");
    const { at, asked } = shop({ [A]: refused, [B]: refused, [C]: refused });
    await expect(buyNumbers(WANTED, at)).rejects.toBe(refused);
    expect(asked).toHaveLength(3);
  });

  it("names what was paid for when it could not be put to use", async () => {
    const { at } = shop({ [C]: problem(409, "Gone.") }, problem(422, "The pool was retired."));
    await expect(buyNumbers(WANTED, at)).rejects.toMatchObject({
      status: 422,
      message: `${A}, ${B}: bought, but not put to use. The pool was retired.`,
    });
  });
});

it("whoever bought reads what became of it", () => {
  const said = (added: number, left = 0, why: string | null = null) =>
    purchaseWords({ added, left, why }).replaceAll("\u00a0", " ");
  expect(said(1)).toBe("1 number bought; calls to it count from now on.");
  expect(said(3)).toBe("3 numbers bought; calls to them count from now on.");
  expect(said(2, 1, "It is not for sale.")).toBe(
    "2 numbers bought; calls to them count from now on. 1 could not be had: It is not for sale.",
  );
});
