import { useState } from "preact/hooks";
import type { Pool } from "../../../shared/api/inventory.ts";
import { choicesOf, type Names } from "../../names.ts";
import { ChoiceField } from "../../parts/form/fields.tsx";
import { HONEYPOT, STATIC } from "./drafts.ts";

/** Where a number serves: in one of the pools, or as a campaign's static number, of a publisher if named, or honeypot. */
export function PlaceFields(props: {
  pools: readonly Pool[];
  names: Names;
  place?: string | null;
  campaign?: string | null;
  publisher?: string | null;
  /** False for lines of a CSV, which say it themselves. */
  honeypot?: boolean;
}) {
  const { pools, names, campaign, publisher, honeypot = true } = props;
  const first = props.place ?? pools[0]?.id ?? STATIC;
  const [place, setPlace] = useState(first);
  return (
    <>
      <ChoiceField
        name="pool_id"
        label="Serves"
        value={first}
        choices={[
          ...pools.map(({ id, name }) => ({ value: id, label: `in pool “${name}”` })),
          { value: STATIC, label: "as a static number of a campaign" },
          ...(honeypot ? [{ value: HONEYPOT, label: "as a honeypot of a campaign" }] : []),
        ]}
        onChange={setPlace}
        hint={
          place === HONEYPOT
            ? "Only programs that copy numbers from pages are shown it. Calls to it are put through, marked and never billed."
            : undefined
        }
      />
      {(place === STATIC || place === HONEYPOT) && (
        <ChoiceField
          name="campaign_id"
          label="Campaign"
          choices={choicesOf(names.campaigns)}
          value={campaign ?? names.campaigns[0]?.id}
        />
      )}
      {place === STATIC && (
        <ChoiceField
          name="publisher_id"
          label="Proves publisher"
          none="nobody"
          choices={choicesOf(names.publishers)}
          value={publisher}
          hint="Every call to it is then that publisher's."
        />
      )}
    </>
  );
}
