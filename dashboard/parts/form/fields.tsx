import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { assert } from "../../../shared/assert.ts";
import { NBSP } from "../../format.ts";
import { Dialog } from "../dialog.tsx";
import { PanelTitle } from "../manage/panel.tsx";
import { type TypedState, useTyped, useTypedBefore } from "./typed.ts";
import type { FormState } from "./use-form.ts";

const FormContext = createContext<(FormState & { typed: TypedState }) | null>(null);

/** The form that a field stands in, and how the two are tied together. */
function useField(name: string, hint: boolean) {
  const form = useContext(FormContext);
  assert(form !== null, "a field stands outside of a form");
  const id = `${form.id}-${name.replaceAll("/", "-")}`;
  const fault = form.faultOf(name);
  const before = useTypedBefore(form.typed, name);
  const describes = [fault === null ? null : `${id}-wrong`, hint ? `${id}-hint` : null].filter(Boolean);
  return {
    id,
    fault,
    before,
    tied: {
      id,
      name,
      "aria-invalid": fault === null ? undefined : true,
      "aria-describedby": describes.length > 0 ? describes.join(" ") : undefined,
    },
  };
}

type Words = { name: string; label: ComponentChildren; hint?: ComponentChildren };

function Labelled(props: {
  id: string;
  fault: string | null;
  label: ComponentChildren;
  hint: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}) {
  const { id, fault, label, hint, wide, children } = props;
  return (
    <div class={wide ? "field whole" : "field"}>
      <label for={id}>{label}</label>
      {children}
      {fault !== null && (
        <p class="wrong" id={`${id}-wrong`}>
          {fault}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/**
 * One line of text. `name` is the JSON pointer of what it sets, without its first slash, so that the server's
 * faults find it. `value` is what it begins with.
 */
export function TextField(
  props: Words & {
    value?: string | undefined;
    placeholder?: string;
    type?: "text" | "password" | "date";
    numeric?: boolean;
    optional?: boolean;
    wide?: boolean;
    maxLength?: number;
  },
) {
  const {
    name,
    label,
    hint,
    value = "",
    placeholder,
    type = "text",
    numeric,
    optional,
    wide = false,
    maxLength = 200,
  } = props;
  const { id, fault, before, tied } = useField(name, hint !== undefined);
  const typed = { ...tied, class: "input", defaultValue: before ?? value, placeholder, spellcheck: false };
  return (
    <Labelled
      id={id}
      fault={fault}
      label={optional ? <Optional label={label} /> : label}
      hint={hint}
      wide={wide}
    >
      {type === "date" ? (
        <input {...typed} type="date" />
      ) : type === "password" ? (
        <input {...typed} type="password" autocomplete="new-password" maxLength={maxLength} />
      ) : (
        <input
          {...typed}
          type="text"
          autocomplete="off"
          inputMode={numeric ? "decimal" : undefined}
          maxLength={maxLength}
        />
      )}
    </Labelled>
  );
}

function Optional({ label }: { label: ComponentChildren }) {
  return (
    <>
      {label}
      {NBSP}
      <small>optional</small>
    </>
  );
}

/** Several lines: a list with one entry each. */
export function LinesField(
  props: Words & { value?: string | undefined; placeholder?: string; rows?: number; optional?: boolean },
) {
  const { name, label, hint, value = "", placeholder, rows = 3, optional } = props;
  const { id, fault, before, tied } = useField(name, hint !== undefined);
  return (
    <Labelled id={id} fault={fault} label={optional ? <Optional label={label} /> : label} hint={hint} wide>
      <textarea
        {...tied}
        class="input lines"
        rows={rows}
        defaultValue={before ?? value}
        placeholder={placeholder}
        spellcheck={false}
      />
    </Labelled>
  );
}

/** A value and the words it is chosen by. */
export type Choice = { value: string; label: string };

/** One of several. With `none` the first choice is "nothing", in these words. */
export function ChoiceField(
  props: Words & {
    choices: readonly Choice[];
    value?: string | null | undefined;
    none?: string;
    onChange?: (value: string) => void;
  },
) {
  const { name, label, hint, choices, value, none, onChange } = props;
  const { id, fault, before, tied } = useField(name, hint !== undefined);
  // Whoever follows the choice is told what it was before; else it is what the field begins with.
  useEffect(() => {
    if (before !== undefined) onChange?.(before);
  }, []);
  const set = onChange ? value : (before ?? value);
  // What is set now stays a choice, also where the list does not know it.
  const isKnown = !set || choices.some((choice) => choice.value === set);
  const all = isKnown ? choices : [{ value: set ?? "", label: set ?? "" }, ...choices];
  return (
    <Labelled id={id} fault={fault} label={label} hint={hint}>
      <select {...tied} class="input" onChange={onChange && ((event) => onChange(event.currentTarget.value))}>
        {none !== undefined && <option value="">{none}</option>}
        {all.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === (set ?? "")}>
            {choice.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField(props: Words & { checked?: boolean | undefined }) {
  const { name, label, hint, checked = false } = props;
  const { id, before, tied } = useField(name, hint !== undefined);
  return (
    <div class="field check whole">
      <input {...tied} type="checkbox" defaultChecked={before === undefined ? checked : before !== ""} />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/**
 * A form with its fields, what is wrong with it as a whole, and its buttons. The first field gets the focus;
 * Escape leaves without sending, and asks before what was typed is thrown away. When it is taken away otherwise, what
 * was typed comes back with it.
 * @param props.act the main button, which names the act: "Add 5 numbers"
 * @param props.leave the other one: "Keep the terms as they are"
 */
export function Form(props: {
  form: FormState;
  act: ComponentChildren;
  leave?: string;
  onLeave?: () => void;
  still?: boolean;
  children: ComponentChildren;
}) {
  const { form, act, leave = "Cancel", onLeave, still, children } = props;
  const element = useRef<HTMLFormElement>(null);
  const about = useContext(PanelTitle);
  const typed = useTyped(element, form, about);
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    if (!still) element.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [still]);
  const goAway = () => {
    typed.drop();
    onLeave?.();
  };
  const askToGo = () => (typed.isTouched() ? setAsks(true) : goAway());
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !onLeave) return;
    event.stopPropagation();
    // The same press must not close the question that it opens.
    event.preventDefault();
    askToGo();
  };
  const onInput = (event: Event) => {
    typed.onInput(event);
    form.onInput(event);
  };
  return (
    <FormContext.Provider value={{ ...form, typed }}>
      <form
        ref={element}
        class="form"
        noValidate
        onSubmit={form.onSubmit}
        onInput={onInput}
        onKeyDown={onKeyDown}
      >
        {typed.isBack && (
          <p class="note whole" role="status">
            What you typed before is back.
          </p>
        )}
        {children}
        {form.wrong !== null && (
          <p class="wrong whole" role="alert">
            {form.wrong}
          </p>
        )}
        <div class="acts whole">
          <button class="btn main" type="submit" disabled={form.busy}>
            {act}
          </button>
          {onLeave && (
            <button class="btn" type="button" onClick={askToGo}>
              {leave}
            </button>
          )}
        </div>
      </form>
      {asks && <ThrowAway run={goAway} onClose={() => setAsks(false)} />}
    </FormContext.Provider>
  );
}

function ThrowAway({ run, onClose }: { run: () => void; onClose: () => void }) {
  return (
    <Dialog
      title="Throw away what you typed?"
      onClose={onClose}
      acts={
        <>
          <button class="btn main" type="button" onClick={onClose}>
            Go on typing
          </button>
          <button class="btn" type="button" onClick={run}>
            Throw it away
          </button>
        </>
      }
    >
      <p class="note">It was not sent.</p>
    </Dialog>
  );
}
