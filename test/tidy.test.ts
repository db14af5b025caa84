import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../bin/paths.ts";
import { functionsOf } from "./support/functions.ts";

/** The house rules of ARCHITECTURE.md, executed. */

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => /\.(ts|tsx|css|mjs)$/.test(path) && !path.startsWith("docs/"));
const code = files.filter((path) => !path.endsWith(".css"));
const text = new Map(files.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
const read = (path: string) => text.get(path) ?? "";

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
/** Folders that a person or a machine has, and no project. */
const MACHINE_PATHS = ["home", "root", "tmp", "work"].map((folder) => `/${folder}/[a-z]`).join("|");

/** Earlier rooms in a call's life; a room may import only types of those before it. */
const ROOMS = [
  "accounts",
  "inventory",
  "campaigns",
  "leasing",
  "telephony",
  "calls",
  "routing",
  "attribution",
  "settlement",
  "signals",
  "reporting",
  "webhooks",
];

/** Where a file lives, in the words of the import table. */
function placeOf(path: string): string {
  const parts = path.split("/");
  if (parts[0] !== "edge") return parts[0] ?? "";
  const room = parts[1] ?? "";
  if (ROOMS.includes(room)) return parts[2] === "model" ? `${room}/model` : room;
  return room.endsWith(".ts") ? room.replace(/\.ts$/, "") : room;
}

type Import = { from: string; to: string; typeOnly: boolean };

function importsOf(path: string): Import[] {
  const found: Import[] = [];
  const pattern = /^\s*(import|export)\s+(type\s+)?([^"';]*?from\s+)?"(\.[^"]+)"|import\("(\.[^"]+)"\)/gm;
  for (const match of read(path).matchAll(pattern)) {
    const target = match[4] ?? match[5] ?? "";
    const names = /\{([^}]*)\}/.exec(match[3] ?? "")?.[1];
    const everyNameIsType =
      names
        ?.split(",")
        .filter((name) => name.trim() !== "")
        .every((name) => /^\s*type\s/.test(name)) ?? false;
    found.push({
      from: path,
      to: normalize(join(dirname(path), target)),
      typeOnly: Boolean(match[2]) || everyNameIsType,
    });
  }
  return found;
}

/** The matrix: may code in `from` import `to`, and if so, only its types? */
function verdict(from: string, to: string): "yes" | "types" | "no" {
  if (from === to || to === "shared") return from === "tag" && to === "shared" ? "types" : "yes";
  if (["test", "bin", "demo", "local", "worker"].includes(from)) return "yes";
  if (from === "app") return to === "worker" || to === "local" || to === "demo" ? "no" : "yes";
  if (from === "shared" || from === "tag") return "no";
  if (from === "dashboard") return to === "http" ? "types" : "no";
  if (from === "config" || from === "services") return to === "platform" ? "yes" : "types";
  if (from === "platform") return "no";
  const toRoom = to.replace("/model", "");
  const fromRoom = from.replace("/model", "");
  if (ROOMS.includes(fromRoom)) {
    if (from.endsWith("/model"))
      return ROOMS.includes(toRoom) && ROOMS.indexOf(toRoom) <= ROOMS.indexOf(fromRoom) ? "types" : "no";
    if (to === `${from}/model` || to === "platform") return "yes";
    if (from === "reporting") return "yes";
    if (to === "config") return "types";
    return ROOMS.includes(toRoom) && ROOMS.indexOf(toRoom) < ROOMS.indexOf(fromRoom) ? "types" : "no";
  }
  const open = ROOMS.includes(toRoom) || to === "platform";
  if (from === "journeys") return open ? "yes" : to === "services" ? "types" : "no";
  if (from === "http") return open || to === "journeys" ? "yes" : to === "services" ? "types" : "no";
  return "no";
}

describe("the house", () => {
  it("has imports in one direction only", () => {
    const faults = code
      .filter((path) => !path.endsWith(".d.ts") && path !== "vitest.config.ts")
      .flatMap(importsOf)
      .flatMap(({ from, to, typeOnly }) => {
        const answer = verdict(placeOf(from), placeOf(to));
        return answer === "no" || (answer === "types" && !typeOnly)
          ? [`${from} imports ${to} (${answer})`]
          : [];
      });
    expect(faults).toEqual([]);
  });

  it(`has no file over ${FILE_LINES_MAX} lines`, () => {
    const long = files.filter((path) => read(path).split("\n").length - 1 > FILE_LINES_MAX);
    expect(long).toEqual([]);
  });

  it(`has no function over ${FUNCTION_LINES_MAX} lines`, () => {
    const long = code
      .filter((path) => !path.startsWith("test/"))
      .flatMap((path) => functionsOf(read(path)).map((found) => ({ path, ...found })))
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ path, name, lines }) => `${path}: ${name} has ${lines} lines`);
    expect(long).toEqual([]);
  });

  it("takes time and chance from their adapters only", () => {
    const adapters = new Set(["edge/platform/clock.ts", "edge/platform/ids.ts"]);
    const faults = code
      .filter((path) => /^(edge|shared)\//.test(path) && !adapters.has(path))
      .filter((path) => /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/.test(read(path)));
    expect(faults).toEqual([]);
  });

  it("switches off neither types nor lint, and leaves nothing for later", () => {
    const switches = /@ts-(?:ignore|expect-error)|biome-(?:ignore)|(?:\bas|:) (?:any)\b/;
    // Spelled so that this file holds none of the words it looks for.
    const leftovers = /\b(T[O]DO|FIX[M]E|X[X]X|HAC[K])\b/;
    const faults = code.filter((path) => switches.test(read(path)) || leftovers.test(read(path)));
    expect(faults).toEqual([]);
  });

  it("skips and focuses no test", () => {
    const faults = code.filter((path) => /\b(it|test|describe)\.(?:skip|only|todo|fails)\b/.test(read(path)));
    expect(faults).toEqual([]);
  });

  it("has a README of its own in every room", () => {
    const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const rooms = new Set(
      code
        .filter((path) => path.startsWith("edge/") && path.split("/").length > 2)
        .map((path) => path.split("/").slice(0, 2).join("/")),
    );
    const missing = [...rooms, "tag", "dashboard", "shared"].filter(
      (room) => !tracked.includes(`${room}/README.md`) && !room.includes("migrations"),
    );
    expect(missing).toEqual([]);
  });

  it("has every platform's packages in the lock, so that npm ci works on each of them", () => {
    type Locked = { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Locked;
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("keeps download addresses and machine paths out of the tree", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    expect(lock.match(/"resolved"/g)).toBeNull();
    // git grep ends with 1 when it finds nothing.
    const grep = spawnSync("git", ["grep", "-nIE", MACHINE_PATHS, "--", ".", ":!package-lock.json"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(grep.stdout.trim()).toBe("");
  });
});
