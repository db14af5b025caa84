import { useEffect, useState } from "preact/hooks";
import { isId } from "../../shared/id.ts";
import { ask, client } from "../api.ts";
import { caller, dateTime } from "../format.ts";
import { useResource } from "../query.ts";
import { pagesOf } from "../routes.ts";
import { switchOrganization, useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { Dialog } from "./dialog.tsx";
import { matching, type Option, Picker } from "./picker.tsx";
import { toast } from "./toast.tsx";

const SEARCH_AFTER_MS = 200;
const FOUND_MAX = 6;
const DIGITS_MIN = 3;

/** What is worth asking the server: a call's id, or enough digits of a number. */
function isSearch(typed: string): boolean {
  return isId("call", typed) || typed.replace(/\D/g, "").length >= DIGITS_MIN;
}

/** The text, once it has been left alone for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Ctrl or Cmd and K: go to a page, find a call by id or number, switch the organization. */
export default function Palette(props: { onClose: () => void; onSwitched: () => void }) {
  const { onClose, onSwitched } = props;
  const me = useMe();
  const url = useUrl();
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const calls = useResource(isSearch(query) ? `palette ${query}` : null, (signal) =>
    ask(client.calls.$get, { query: { q: query.replace(/[\s()-]/g, ""), limit: FOUND_MAX } }, signal),
  );

  const pages: Option[] = pagesOf(me).map((route) => ({
    value: route.path,
    label: route.nav?.label ?? route.path,
    hint: "go to",
  }));
  const others: Option[] = me.organizations
    .filter((organization) => organization.id !== me.organization.id)
    .map(({ id, name, kind }) => ({ value: id, label: name, hint: `switch to ${kind}` }));
  // Never what was found for other words: Enter would pick it.
  const current = typed.trim() === query ? (calls.data?.data ?? []) : [];
  const found: Option[] = current.map((call) => ({
    value: `/calls/${call.id}`,
    label: caller(call.from),
    hint: dateTime(call.started_at, me.network.timezone),
  }));

  const pick = async (value: string) => {
    onClose();
    if (value.startsWith("/")) {
      url.go(value);
      return;
    }
    try {
      await switchOrganization(value);
      onSwitched();
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog title="Search" hideTitle class="palette" onClose={onClose}>
      <div class="menu">
        <Picker
          options={[...found, ...matching([...pages, ...others], typed)]}
          filter={false}
          label="Go to a page, find a call, switch organization"
          placeholder="Page, number, call id or organization"
          empty={isSearch(query) && calls.loading ? "Looking…" : "Nothing fits."}
          onType={setTyped}
          onPick={pick}
        />
      </div>
    </Dialog>
  );
}
