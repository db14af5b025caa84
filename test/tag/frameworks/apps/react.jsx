import { useState } from "react";

/** The page of every framework here: texts and labels with the number, some of them computed. */
export function App() {
  const [count, setCount] = useState(0);
  const line = count % 2 ? "Night line 415.555.0132" : "Day line 415-555-0132";
  return (
    <main>
      <a id="link" href="tel:+14155550132" aria-label="Call (415) 555-0132">
        <b>(415)</b> 555-0132
      </a>
      <p id="number">(415) 555-0132</p>
      <p id="line">{line}</p>
      <p id="count">
        {count} free at {"415 555 0132"}, call now
      </p>
      {count > 0 && <p id="late">1-415-555-0132</p>}
      <button id="more" type="button" onClick={() => setCount(count + 1)}>
        more
      </button>
    </main>
  );
}
