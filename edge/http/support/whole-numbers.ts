import type { Json } from "./named-schemas.ts";

/** What names with these ends hold is whole: moments, money, durations. A mean of durations is not. */
const WHOLE = /^(?!mean_).*_(at|micros|s|ms)$/;

/** A JSON schema in which every number that its name says to be whole is an integer; that is told nowhere else. */
export function withWholeNumbers(schema: Json, name = ""): Json {
  if (Array.isArray(schema)) return schema.map((one) => withWholeNumbers(one, name));
  if (schema === null || typeof schema !== "object") return schema;
  const told = Object.entries(schema).map(([key, value]): [string, Json] => {
    if (key === "type" && WHOLE.test(name)) return [key, wholeType(value)];
    if (key === "properties" && value !== null && typeof value === "object" && !Array.isArray(value)) {
      const properties = Object.entries(value).map(([of, one]) => [of, withWholeNumbers(one, of)]);
      return [key, Object.fromEntries(properties)];
    }
    return [key, withWholeNumbers(value, name)];
  });
  return Object.fromEntries(told);
}

/** `number` as `integer`, alone or among several types. */
function wholeType(type: Json): Json {
  if (Array.isArray(type)) return type.map(wholeType);
  return type === "number" ? "integer" : type;
}
