/** The same page as in React, in Svelte; compiled for server and browser by the test. */
export const PAGE_SVELTE = `
<script>
  let count = $state(0);
  const line = $derived(count % 2 ? "Night line 415.555.0132" : "Day line 415-555-0132");
</script>

<main>
  <a id="link" href="tel:+14155550132" aria-label="Call (415) 555-0132"><b>(415)</b> 555-0132</a>
  <p id="number">(415) 555-0132</p>
  <p id="line">{line}</p>
  <p id="count">{count} free at {"415 555 0132"}, call now</p>
  {#if count > 0}<p id="late">1-415-555-0132</p>{/if}
  <button id="more" type="button" onclick={() => (count += 1)}>more</button>
</main>
`;
