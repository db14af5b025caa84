import * as v from "valibot";

/**
 * What a site's tag has compiled in beyond its core. `embedded`: open shadow roots and same-origin iframes; `vanity`:
 * letters for a number's last digits; `labels`: the document's title and these data attributes; `lazy`: a number is
 * leased only when one is on screen or the visitor does something; `google_ads`: the call conversion, `AW-…/…`, that
 * is told of the leased number.
 */
export const TagOptions = v.strictObject({
  embedded: v.optional(v.boolean()),
  vanity: v.optional(v.boolean()),
  labels: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^data-[a-z0-9-]{1,60}$/, "must be the name of a data attribute"))),
      v.maxLength(10, "must be at most 10 names"),
    ),
  ),
  lazy: v.optional(v.boolean()),
  google_ads: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^AW-\d{1,20}\/[\w-]{1,64}$/, "must be a conversion as AW-123456789/AbC-D_efG"),
    ),
  ),
});
export type TagOptions = v.InferOutput<typeof TagOptions>;
