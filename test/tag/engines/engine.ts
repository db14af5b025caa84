import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A browser that opens an address without anybody's help. `command`: how, with a folder for all that it keeps. */
export type Engine = { name: string; path: string; command(address: string, folder: string): string[] };

/** As Debian's packages `firefox-esr`, and `webkit2gtk-driver` with `xvfb` (it has no mode without windows), install them. */
const MINI_BROWSER = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
export const ENGINES: Engine[] = [
  {
    name: "Firefox",
    path: "/usr/bin/firefox-esr",
    command: (address, folder) => [
      "/usr/bin/firefox-esr",
      "--headless",
      "--no-remote",
      "--profile",
      folder,
      address,
    ],
  },
  {
    name: "WebKit",
    path: MINI_BROWSER,
    command: (address) => ["/usr/bin/xvfb-run", "--auto-servernum", MINI_BROWSER, "--private", address],
  },
];

export const isInstalled = ({ path }: Engine) => existsSync(path);

/** Opens an address in a fresh browser and hands out what ends it. */
export async function open(engine: Engine, address: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "ringtrail-browser-"));
  const [program = "", ...args] = engine.command(address, folder);
  const browser = spawn(program, args, {
    stdio: "ignore",
    // A group of its own, so that all of its processes end with it.
    detached: true,
    env: { ...process.env, HOME: folder },
  });
  return async () => {
    await end(browser);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

async function end(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null) return;
  const ended = new Promise((done) => browser.once("exit", done));
  process.kill(-browser.pid, "SIGKILL");
  await ended;
}
