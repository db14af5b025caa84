import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { buildTag, buildTagVariants } from "./build-tag.ts";
import { DIST, ROOT } from "./paths.ts";
import { place } from "./place.ts";

/**
 * Bundles the Worker. `local` keeps demo, sandbox and `/__local`; the deployed bundle has none of them.
 * Output: `dist/local/` or `dist/worker/`, ES modules with lazy chunks. Answers the bytes of each file.
 */
export async function buildWorker(options: { local: boolean }): Promise<Record<string, number>> {
  const outdir = join(DIST, options.local ? "local" : "worker");
  const built = await build({
    entryPoints: { worker: join(ROOT, "edge/worker.ts") },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    conditions: ["workerd", "worker", "browser", "import"],
    mainFields: ["browser", "module", "main"],
    external: ["cloudflare:*", "node:*"],
    define: { __LOCAL__: String(options.local), "process.env.NODE_ENV": '"production"' },
    minify: !options.local,
    legalComments: "none",
    metafile: true,
    logLevel: "error",
    plugins: [builtTag(), onlyValibot()],
    write: false,
  });
  await place(outdir, "worker.js", built.outputFiles);
  const sizes: Record<string, number> = {};
  for (const [path, output] of Object.entries(built.metafile.outputs)) {
    sizes[path.slice(path.lastIndexOf("/") + 1)] = output.bytes;
  }
  return sizes;
}

/** Gives the Worker the built tag as text. */
function builtTag(): Plugin {
  return {
    name: "built-tag",
    setup(builder) {
      builder.onResolve({ filter: /^built:tag(-variants)?$/ }, ({ path }) => ({ path, namespace: "built" }));
      builder.onLoad({ filter: /^built:tag$/, namespace: "built" }, async () => {
        const tag = await buildTag();
        return texts({
          SITE_TEMPLATE: tag.perSite,
          VERSIONED: tag.versioned,
          VERSION: tag.version,
          INTEGRITY: tag.integrity,
          OVERLAY: tag.overlay,
          TYPES: await readFile(join(ROOT, "tag/ringtrail.d.ts"), "utf8"),
        });
      });
      builder.onLoad({ filter: /^built:tag-variants$/, namespace: "built" }, async () =>
        texts({ VARIANTS: await buildTagVariants() }),
      );
    },
  };
}

function texts(constants: Record<string, string | Record<string, string>>): {
  contents: string;
  loader: "js";
} {
  const lines = Object.entries(constants).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
  );
  return { contents: lines.join("\n"), loader: "js" };
}

/**
 * hono-openapi finds a schema library by lazy import; without this every one of them that happens to lie in
 * node_modules is bundled (zod alone is 400 kB).
 */
function onlyValibot(): Plugin {
  const others = /@standard-community[\\/].*[\\/](arktype|effect|sury|typebox|zod)-[^\\/]*\.js$/;
  return {
    name: "only-valibot",
    setup(builder) {
      builder.onLoad({ filter: others }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const message = "this schema library is not part of the build";
        const names = [...source.matchAll(/export\s*\{([^}]*)\}/g)].flatMap((match) =>
          (match[1] ?? "").split(",").map(
            (part) =>
              part
                .trim()
                .split(/\s+as\s+/)
                .at(-1) ?? "",
          ),
        );
        const exports = names
          .filter(Boolean)
          .map((name) => (name === "default" ? "export default refuse;" : `export { refuse as ${name} };`));
        return {
          contents: `const refuse = () => { throw new Error("${message}"); };\n${exports.join("\n")}`,
          loader: "js",
        };
      });
    },
  };
}
