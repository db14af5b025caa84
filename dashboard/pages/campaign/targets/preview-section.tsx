import { useState } from "preact/hooks";
import type { Campaign } from "../../../../shared/api/campaigns.ts";
import type { RoutingPreview } from "../../../../shared/api/routing.ts";
import { displayNumber } from "../../../../shared/phone-number.ts";
import { ask, client } from "../../../api.ts";
import { LISTS, useWhole } from "../../../lists.ts";
import { Section } from "../../../parts/page.tsx";
import { ConsideredList } from "../../../parts/routing/considered.tsx";
import { actionWords, reasonWords } from "../../../parts/routing/words.ts";
import { Loaded, Skeleton } from "../../../parts/states.tsx";
import { useResource } from "../../../query.ts";
import { type Ring, TrialOf } from "../../flow/trial-of.tsx";

/** Who would be rung for a call to one of the campaign's numbers, and why not the others. */
export function PreviewSection({ campaign }: { campaign: Campaign }) {
  const numbers = useWhole(LISTS.numbers, { campaign_id: campaign.id }).data?.data ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [ring, setRing] = useState<Ring>({ at: null, from: "" });
  const number = chosen ?? numbers[0]?.e164 ?? null;
  const query = {
    number: number ?? "",
    ...(ring.from !== "" && { caller: ring.from }),
    ...(ring.at !== null && { at: ring.at }),
  };
  const preview = useResource(
    number === null ? null : `preview ${JSON.stringify(query)}`,
    (signal) => ask(client["routing-preview"].$get, { query }, signal),
    { keep: true },
  );
  if (number === null) return null;
  return (
    <Section id="preview" title="Who would be rung" aside="a call tried out; nobody is rung or counted">
      <div class="preview">
        <div>
          <div class="field">
            <label for="preview-number">Number</label>
            <select
              id="preview-number"
              class="input"
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              {numbers.map(({ id, e164 }) => (
                <option key={id} value={e164} selected={e164 === number}>
                  {displayNumber(e164)}
                </option>
              ))}
            </select>
          </div>
          <TrialOf zone={campaign.timezone} ring={ring} onChange={setRing} />
        </div>
        <Loaded
          of={preview}
          what="The preview"
          zone={campaign.timezone}
          skeleton={<Skeleton height="6rem" />}
        >
          {(found) => <Found preview={found} />}
        </Loaded>
      </div>
    </Section>
  );
}

function Found({ preview }: { preview: RoutingPreview }) {
  const { action, reason, say, rounds, considered, otherwise } = preview;
  const first = rounds[0];
  const whom = first ? ` ${first.targets.map(displayNumber).join(" and ")} for ${first.timeout_s} s` : "";
  const next = rounds.slice(1).map(({ targets }) => targets.map(displayNumber).join(" and "));
  return (
    <div aria-live="polite">
      <p>
        <b>
          {actionWords(action)}
          {action === "dial" && whom}
        </b>
        : {reasonWords(reason)}.{say !== null && ` “${say}”`}
        {action !== "dial" && whom !== "" && ` Who is to be put through rings${whom}.`}
      </p>
      {next.length > 0 && <p class="note">When nobody answers, {next.join(", then ")}.</p>}
      {otherwise && (
        <p class="note">
          {next.length > 0 ? "At last: " : "When nobody answers: "}
          {actionWords(otherwise.action).toLowerCase()}
          {otherwise.target !== null && ` ${displayNumber(otherwise.target)}`}.
        </p>
      )}
      {considered.length > 0 && <ConsideredList considered={considered} rounds={rounds} />}
    </div>
  );
}
