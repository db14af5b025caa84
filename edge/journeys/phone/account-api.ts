import { credentialsOf, findApi } from "../../inventory/telephony-apis.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import type { ProviderApi } from "../../telephony/rest/port.ts";

/** The API of an account's provider; null while something is missing that it needs. Throws what D1 throws. */
export async function apiOfAccount(
  services: Services,
  { network_id, account_id }: Pick<AccountPlan, "network_id" | "account_id">,
): Promise<ProviderApi | null> {
  const seen = await findApi(services.network(network_id).db, network_id, account_id);
  const credentials = seen && (await credentialsOf(services.vault, seen));
  return credentials && services.providerApi(credentials);
}
