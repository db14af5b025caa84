/** What became of one piece of HTML in a page that the tag watches. */
export type Trial = {
  /** As the browser serialises what it was given: what "nothing changed" means. */
  before: string;
  /** After the tag has noticed it by itself. */
  after: string;
  /** After another `swap()`: the same as `after`. */
  again: string;
  /** After `reset()`: the same as `before`. */
  restored: string;
  /** Every node is the same object in the same place as before. */
  same_nodes: boolean;
  /** What was expected, serialised by the same browser. */
  expected: string;
};

/**
 * Tries one piece after another, each `[html, expected html]`, as the body's only content. Runs in the page, into which it
 * is brought as its own text: it uses nothing from around it.
 */
export async function tryPieces(pieces: (readonly [string, string])[]): Promise<Trial[]> {
  const nodes = (): Node[] => {
    const walker = document.createTreeWalker(document.body);
    const found: Node[] = [document.body];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };
  const inert = document.implementation.createHTMLDocument().body;
  const trials: Trial[] = [];
  for (const [html, wanted] of pieces) {
    inert.innerHTML = wanted;
    const expected = inert.innerHTML;
    document.body.innerHTML = html;
    const before = document.body.innerHTML;
    const nodes_before = nodes();
    await new Promise((noticed) => setTimeout(noticed));
    const after = document.body.innerHTML;
    const nodes_after = nodes();
    const same_nodes =
      nodes_before.length === nodes_after.length && nodes_before.every((node, i) => node === nodes_after[i]);
    window.ringtrail?.swap();
    const again = document.body.innerHTML;
    window.ringtrail?.reset();
    const restored = document.body.innerHTML;
    document.body.innerHTML = "";
    window.ringtrail?.swap();
    trials.push({ before, after, again, restored, same_nodes, expected });
  }
  return trials;
}
