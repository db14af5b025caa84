import { useEffect, useState } from "preact/hooks";
import { PASSWORD_LENGTH_MIN } from "../../shared/password.ts";
import { ApiProblem, auth, loadAuthOptions } from "../api.ts";
import { forgetAnswers, useResource } from "../query.ts";
import { safeNext, useUrl } from "../url-state.ts";

type Way = "sign-in" | "sign-up";

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

/** Sign-in and sign-up (which starts a network); in the demo also its three doors. */
export default function SignIn() {
  const url = useUrl();
  const way: Way = url.params.get("way") === "sign-up" ? "sign-up" : "sign-in";
  const options = useResource("auth options", loadAuthOptions);
  const says = way === "sign-in" ? "Sign in to follow your calls" : "Start a network";
  useEffect(() => {
    document.title = `${way === "sign-in" ? "Sign in" : "Start a network"} · Ringtrail`;
  }, [way]);
  return (
    <div class="door">
      <main id="main" tabIndex={-1}>
        <Arriving />
        <div>
          <p class="word">Ringtrail</p>
          <h1>{says}</h1>
        </div>
        <Credentials key={way} way={way} />
        <Other way={way} />
        {options.data?.demo && (
          <div class="ways">
            <p class="hint">Local demo, invented data. Sign in as</p>
            <ul>
              {(["network", "advertiser", "publisher"] as const).map((kind) => (
                <li key={kind}>
                  <a class="btn" href={`/demo/sign-in?as=${kind}`}>
                    {kind.charAt(0).toUpperCase() + kind.slice(1)}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        )}
      </main>
    </div>
  );
}

function Other({ way }: { way: Way }) {
  const url = useUrl();
  return way === "sign-in" ? (
    <p class="hint">
      New here? <a href={url.href({ way: "sign-up" })}>Start a network</a>
    </p>
  ) : (
    <p class="hint">
      Already have a login? <a href={url.href({ way: null })}>Sign in</a>
    </p>
  );
}

/** What the server said, as a sentence that helps. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "The form could not be sent.";
  if (error.status === 401) return "This email and password do not belong together.";
  if (error.status === 429) return "Too many attempts. Wait a minute, then try again.";
  return error.message;
}

function Credentials({ way }: { way: Way }) {
  const url = useUrl();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setWrong(null);
    try {
      await auth(`/${way}/email`, form);
      forgetAnswers();
      url.go(safeNext(url.search), { replace: true });
    } catch (error) {
      setWrong(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <Fields way={way} invalid={wrong !== null} />
      {wrong && (
        <p class="wrong" id="wrong" role="alert">
          {wrong}
        </p>
      )}
      <button class="btn main" type="submit" disabled={busy}>
        {way === "sign-in" ? "Sign in" : "Start a network"}
      </button>
    </form>
  );
}

function Fields({ way, invalid }: { way: Way; invalid: boolean }) {
  const described = invalid ? { "aria-invalid": true, "aria-describedby": "wrong" } : {};
  return (
    <>
      {way === "sign-up" && (
        <>
          <div class="field">
            <label for="network">Name of your network</label>
            <input
              class="input"
              id="network"
              name="network_name"
              autocomplete="organization"
              required
              maxLength={100}
            />
          </div>
          <div class="field">
            <label for="name">Your name</label>
            <input class="input" id="name" name="name" autocomplete="name" required maxLength={100} />
          </div>
        </>
      )}
      <div class="field">
        <label for="email">Email</label>
        <input
          class="input"
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          required
          {...described}
        />
      </div>
      <div class="field">
        <label for="password">Password</label>
        <input
          class="input"
          id="password"
          name="password"
          type="password"
          autocomplete={way === "sign-in" ? "current-password" : "new-password"}
          required
          minLength={way === "sign-up" ? PASSWORD_LENGTH_MIN : undefined}
          {...described}
        />
        {way === "sign-up" && <p class="hint">At least {PASSWORD_LENGTH_MIN} characters.</p>}
      </div>
    </>
  );
}
