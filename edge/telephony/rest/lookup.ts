import type { CallerType } from "../../../shared/api/routing.ts";
import { err, ok } from "../../../shared/result.ts";
import { type Client, refusalOf } from "./client.ts";
import type { ProviderApi } from "./port.ts";
import { objectOf, textOf } from "./values.ts";

/** What providers call a number's line; what is neither of these is none. */
const TYPES: ReadonlyMap<string, CallerType> = new Map([
  ["mobile", "mobile"],
  ["landline", "landline"],
  ["fixed line", "landline"],
  ["fixedVoip", "voip"],
  ["nonFixedVoip", "voip"],
  ["voip", "voip"],
]);

/** Twilio Lookup v2, `line_type_intelligence` (twilio.com/docs/lookup/v2-api/line-type-intelligence). */
export function twilioLookup(client: Client): NonNullable<ProviderApi["lookUpType"]> {
  return lookup(client, "/v2/PhoneNumbers/", { Fields: "line_type_intelligence" }, [
    "line_type_intelligence",
  ]);
}

/** Telnyx's number lookup (developers.telnyx.com/api-reference/number-lookup). */
export function telnyxLookup(client: Client): NonNullable<ProviderApi["lookUpType"]> {
  return lookup(client, "/v2/number_lookup/", { type: "carrier" }, ["data", "carrier"]);
}

/** The type stands in the answer below `names`. Each question costs a fee: it is not repeated. */
function lookup(
  client: Client,
  root: string,
  query: Record<string, string>,
  names: readonly string[],
): NonNullable<ProviderApi["lookUpType"]> {
  return async (e164) => {
    const path = root + encodeURIComponent(e164);
    const got = await client({ method: "GET", path, query, repeatable: false });
    if (!got.ok) return got;
    const { status, body } = got.value;
    if (status < 200 || status >= 300) return err(refusalOf(status, `answered ${status}`));
    const said = names.reduce(objectOf, body);
    return ok(TYPES.get(textOf(said, "type") ?? "") ?? null);
  };
}
