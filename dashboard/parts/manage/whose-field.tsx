import type { Names } from "../../names.ts";
import { useMe } from "../../session.ts";
import { ChoiceField } from "../form/fields.tsx";
import type { Column } from "../table.tsx";

/** Whether something is the viewer's own organization's or one's that a network manages; absent where there are none. */
export function WhoseField({ names, hint }: { names: Names; hint: string }) {
  const me = useMe();
  const sides = sidesOf(names);
  if (sides.length === 0) return null;
  return (
    <ChoiceField
      name="organization_id"
      label="Whose"
      none={me.organization.name}
      choices={sides.map(({ id, name, kind }) => ({ value: id, label: `${name}, ${kind}` }))}
      hint={hint}
    />
  );
}

/** The column that says whose a row is; none where it could only be one's own. */
export function whoseColumn<Row extends { organization_id: string }>(
  names: Names,
  fold: 2 | 3,
): Column<Row>[] {
  if (sidesOf(names).length === 0) return [];
  const cell = ({ organization_id }: Row) => {
    const name = names.of(organization_id);
    return name === organization_id ? "own" : name;
  };
  return [{ id: "whose", label: "Whose", fold, class: "soft clip", cell, words: null }];
}

const sidesOf = (names: Names) => [...names.advertisers, ...names.publishers];
