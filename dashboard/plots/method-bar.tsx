import { useId } from "preact/hooks";
import { METHODS, type Method } from "../../shared/api/calls.ts";
import { count, share } from "../format.ts";
import { METHOD_WORDS } from "../parts/glyph.tsx";
import { Swatch } from "./readout.tsx";

/**
 * How calls were attributed, as one bar by share: lease filled, late lease outlined, static number ink,
 * none hatched. The legend under it has the figures.
 */
export function MethodBar({ calls }: { calls: Record<Method, number> }) {
  const id = useId();
  const total = METHODS.reduce((sum, method) => sum + calls[method], 0);
  const said = METHODS.map(
    (method) => `${METHOD_WORDS[method].toLowerCase()} ${share(calls[method], total)}`,
  );
  let left = 0;
  return (
    <figure class="plot">
      <svg class="p" height="14" role="img" aria-labelledby={id}>
        <title id={id}>{`Calls by method: ${said.join(", ")}.`}</title>
        {METHODS.map((method) => {
          const width = total === 0 ? 0 : (100 * calls[method]) / total;
          const x = left;
          left += width;
          return width === 0 ? null : (
            <rect key={method} class={`m-${method}`} x={`${x}%`} width={`${width}%`} height="14" />
          );
        })}
      </svg>
      <p class="legend">
        {METHODS.map((method) => (
          <span key={method} class="key">
            <Swatch fill={method} />
            {METHOD_WORDS[method]} <b>{count(calls[method])}</b> {share(calls[method], total)}
          </span>
        ))}
      </p>
    </figure>
  );
}
