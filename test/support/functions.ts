/**
 * The functions of a source file and their length in lines, found by their first line and its indentation: the
 * formatter guarantees that a function ends with a closing brace at the indentation where it began.
 */
export function functionsOf(source: string): { name: string; lines: number }[] {
  const lines = source.split("\n");
  const found: { name: string; lines: number }[] = [];
  for (const [at, line] of lines.entries()) {
    const name = nameIfFunction(line);
    if (name === null || !line.trimEnd().endsWith("{")) continue;
    const indent = line.length - line.trimStart().length;
    const end = lines.findIndex((other, i) => i > at && other.startsWith(`${" ".repeat(indent)}}`));
    if (end > at) found.push({ name, lines: end - at + 1 });
  }
  return found;
}

function nameIfFunction(line: string): string | null {
  const declared = /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\*?\s+(\w+)/.exec(line);
  if (declared) return declared[1] ?? null;
  const assigned =
    /^\s*(?:export\s+)?const\s+(\w+)[^=]*=\s*(?:async\s*)?\(?[^=]*\)?\s*(?::[^=]+)?=>\s*\{$/.exec(line);
  if (assigned) return assigned[1] ?? null;
  const method =
    /^\s+(?:override\s+|private\s+|static\s+)*(?:async\s+)?(\w+)\([^)]*\)\s*(?::\s*[^{]+)?\{$/.exec(line);
  if (method && !["if", "for", "while", "switch", "catch"].includes(method[1] ?? ""))
    return method[1] ?? null;
  return null;
}
