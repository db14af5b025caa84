import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { compile } from "svelte/compiler";
import { ROOT } from "../../../bin/paths.ts";
import { PAGE_SVELTE } from "./apps/page-svelte.ts";

/** The same page, rendered by the framework on the server, and the script that hydrates it as `window.app`. */
export type FrameworkApp = { html: string; script: string };

const APPS = join(ROOT, "test/tag/frameworks/apps");
const MODULES = join(ROOT, "node_modules");
/** React 18 is installed beside React 19 under names of its own, which what it imports must be told, too. */
const REACT_18 = { react: join(MODULES, "react-18"), "react-dom": join(MODULES, "react-dom-18") };

function svelte(generate: "client" | "server"): Plugin {
  return {
    name: "svelte",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.svelte$/ }, ({ path }) => ({ path, namespace: "page" }));
      onLoad({ filter: /.*/, namespace: "page" }, ({ path }) => {
        const { js } = compile(PAGE_SVELTE, { generate, dev: true, filename: path });
        return { contents: js.code, loader: "js", resolveDir: APPS };
      });
    },
  };
}

async function bundle(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(APPS, entry)],
    bundle: true,
    write: false,
    logLevel: "silent",
    jsx: "automatic",
    jsxImportSource: "react",
    tsconfigRaw: {},
    // Development builds: these are the ones that complain about a page that is not what they rendered.
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
    },
    ...options,
  });
  return outputFiles[0]?.text ?? "";
}

const built = new Map<string, Promise<FrameworkApp>>();

/** Renders `apps/{name}-server` here, and bundles `apps/{name}-client` for the page, once for all tests of a file. */
export function frameworkApp(name: string, extension = "js", react = 19): Promise<FrameworkApp> {
  const key = `${name} ${react}`;
  const app = built.get(key) ?? buildApp(name, extension, react);
  built.set(key, app);
  return app;
}

async function buildApp(name: string, extension: string, react: number): Promise<FrameworkApp> {
  const alias: Record<string, string> = react === 18 ? REACT_18 : {};
  const [server, script] = await Promise.all([
    bundle(`${name}-server.${extension}`, {
      alias,
      platform: "node",
      format: "cjs",
      conditions: ["development"],
      plugins: [svelte("server")],
    }),
    bundle(`${name}-client.${extension}`, {
      alias,
      format: "iife",
      conditions: ["browser", "development"],
      plugins: [svelte("client")],
    }),
  ]);
  const module = { exports: {} as { render(): Promise<string> } };
  compileFunction(server, ["module", "exports", "require"])(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return { html: await module.exports.render(), script };
}
