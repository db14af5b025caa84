import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { bodyFaults, queryFaults } from "../../edge/http/support/faults.ts";
import { law } from "../support/laws.ts";

const faultsOf = (schema: v.GenericSchema, value: unknown) => {
  const read = v.safeParse(schema, value);
  return read.success ? [] : bodyFaults(read.issues);
};

/** What an RFC 6901 pointer points at. */
function at(document: unknown, pointer: string): unknown {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], document);
}

describe("the faults of a body", () => {
  it("point at the wrong value, whatever its field is called", () => {
    const names = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(names, names, fc.string(), (outer, inner, wrong) => {
        const schema = v.object({ [outer]: v.array(v.object({ [inner]: v.number() })) });
        const document = { [outer]: [{ [inner]: 1 }, { [inner]: wrong }] };
        const [fault] = faultsOf(schema, document);
        expect(fault?.detail).toBe("must be a number");
        expect(at(document, fault?.pointer ?? "")).toBe(wrong);
      }),
      law(200),
    );
  });

  it("tell missing from unknown from wrong, in the API's own words", () => {
    const schema = v.strictObject({
      name: v.string(),
      flag: v.optional(v.boolean()),
      list: v.optional(v.array(v.string())),
      role: v.optional(v.picklist(["a", "b"], "must be a or b")),
    });
    expect(faultsOf(schema, {})).toEqual([{ pointer: "/name", detail: "is required" }]);
    expect(faultsOf(schema, { name: "x", nmae: "y" })).toEqual([
      { pointer: "/nmae", detail: "is not a field of this resource" },
    ]);
    expect(faultsOf(schema, { name: null, flag: "yes", list: {}, role: "c" })).toEqual([
      { pointer: "/name", detail: "must be text" },
      { pointer: "/flag", detail: "must be true or false" },
      { pointer: "/list", detail: "must be a list" },
      { pointer: "/role", detail: "must be a or b" },
    ]);
  });

  it("take a name of Object's own for unknown, too", () => {
    const schema = v.strictObject({});
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const body = JSON.parse(`{"${name}":1}`);
      expect(faultsOf(schema, body)).toEqual([
        { pointer: `/${name}`, detail: "is not a field of this resource" },
      ]);
    }
  });

  it("are at most fifty, however wrong a body is", () => {
    expect(faultsOf(v.array(v.string()), Array(1000).fill(1))).toHaveLength(50);
  });
});

describe("the faults of a query", () => {
  it("name the parameter", () => {
    const read = v.safeParse(v.strictObject({ limit: v.optional(v.string()) }), { limt: "1" });
    expect(read.success ? [] : queryFaults(read.issues)).toEqual([
      { pointer: "?limt", detail: "is not a parameter of this request" },
    ]);
  });
});
