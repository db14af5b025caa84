import * as v from "valibot";

/** A moment in a query string: integer milliseconds since the epoch. */
export const moment = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, "must be integer milliseconds since the epoch"),
  v.transform(Number),
);
