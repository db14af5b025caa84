import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { PASSWORD_LENGTH_MIN } from "../../shared/people.ts";
import { ApiProblem } from "../api.ts";

/** The trail comes in from the left edge of the window and ends in the mark. */
function Arriving() {
  return (
    <svg class="big" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d="M-480 13H10A5 5 0 1 0 5 8"
        fill="none"
        stroke="currentColor"
        stroke-width="1"
        stroke-linecap="round"
      />
      <circle cx="10" cy="8" r="1.4" fill="currentColor" />
    </svg>
  );
}

/**
 * A page before the shell: sign-in, an invitation.
 * @param props.name the document's title
 * @param props.says the heading, a sentence
 */
export function DoorPage(props: { name: string; says: ComponentChildren; children: ComponentChildren }) {
  const { name, says, children } = props;
  useEffect(() => {
    document.title = `${name} · Ringtrail`;
  }, [name]);
  return (
    <div class="door">
      <main id="main" tabIndex={-1}>
        <Arriving />
        <div>
          <p class="word">Ringtrail</p>
          <h1>{says}</h1>
        </div>
        {children}
      </main>
    </div>
  );
}

/** What the server said to somebody at the door, as a sentence that helps. */
export function doorSentence(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "The form could not be sent.";
  if (error.status === 401) return "This email and password do not belong together.";
  if (error.status === 429) return "Too many attempts. Wait a minute, then try again.";
  return error.message.replace(/^\/: /, "");
}

/** What is wrong with the form, below its fields. */
export function Wrong({ text }: { text: string | null }) {
  return (
    text && (
      <p class="wrong" id="wrong" role="alert">
        {text}
      </p>
    )
  );
}

/** A field's words when the form was refused. */
export const refused = (text: string | null) =>
  text === null ? {} : { "aria-invalid": true, "aria-describedby": "wrong" };

/** What whoever makes a login is called. */
export function NameField() {
  return (
    <div class="field">
      <label for="name">Your name</label>
      <input class="input" id="name" name="name" autocomplete="name" required maxLength={100} />
    </div>
  );
}

/** @param props.isNew a password is chosen, not asked for */
export function PasswordField({ isNew, wrong }: { isNew: boolean; wrong: string | null }) {
  return (
    <div class="field">
      <label for="password">Password</label>
      <input
        class="input"
        id="password"
        name="password"
        type="password"
        autocomplete={isNew ? "new-password" : "current-password"}
        required
        minLength={isNew ? PASSWORD_LENGTH_MIN : undefined}
        {...refused(wrong)}
      />
      {isNew && <p class="hint">At least {PASSWORD_LENGTH_MIN} characters.</p>}
    </div>
  );
}
