/** The box's own style: in a shadow root, and made by script, which strict policies allow. */
export const STYLE = `
:host { all: initial }
section {
  position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483647;
  box-sizing: border-box; width: min(30rem, 100vw - 2rem); max-height: min(28rem, 70vh); overflow: auto;
  color-scheme: light dark; color: light-dark(#17211f, #e9edeb); background: light-dark(#fff, #1a2023);
  border: 1px solid light-dark(#d5d9d6, #39423f); border-radius: 6px; box-shadow: 0 8px 32px #0003;
  font: 13px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
header {
  position: sticky; top: 0; padding: 12px 16px; background: inherit;
  border-bottom: 1px solid light-dark(#e6e9e7, #2c3436);
}
h2 { margin: 0; font-size: 14px; font-weight: 600 }
p { margin: 4px 0 0; color: light-dark(#51605c, #a5b3af); overflow-wrap: anywhere }
header button { position: absolute; top: 8px; right: 8px }
ol { margin: 0; padding: 0; list-style: none }
li { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; padding: 8px 16px }
li + li { border-top: 1px solid light-dark(#eceeed, #262d30) }
code { font: 12px ui-monospace, monospace; color: light-dark(#51605c, #a5b3af) }
b { grid-column: 1; font-weight: 400 }
b::before { content: "× "; color: light-dark(#a4320e, #f0946f) }
b.swapped::before { content: "✓ "; color: light-dark(#0f6b4c, #62c9ab) }
button {
  grid-column: 2; grid-row: 1 / span 2; align-self: center; padding: 4px 10px; cursor: pointer;
  font: inherit; color: inherit; background: none; border: 1px solid light-dark(#b6bdb9, #56615d); border-radius: 4px;
}
button:hover { background: light-dark(#f2f4f3, #252c2f) }
button:focus-visible { outline: 2px solid light-dark(#006687, #5bc6e6); outline-offset: 2px }
`;
