import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Chromium without the windows that nobody looks at: half of the work. It keeps no pages to come back to. */
const SHELL = "/usr/bin/chromium-headless-shell";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chromium that tests run, and its flags: `CHROME_PATH`, else an installed one, else that of `@sparticuz/chromium`. */
export async function findChromium({ bfcache = false } = {}): Promise<{ path: string; flags: string[] }> {
  const paths = bfcache ? INSTALLED : [SHELL, ...INSTALLED];
  const installed = [process.env.CHROME_PATH, ...paths].find((path) => path && existsSync(path));
  if (installed) return { path: installed, flags: FLAGS };
  return { path: await sparticuz.executablePath(), flags: [...sparticuz.args, ...FLAGS] };
}

/**
 * A real, headless Chromium. Whoever launches it closes it. `bfcache`: pages that are left may come back as they were,
 * as with real visitors, which takes the whole browser.
 */
export async function launchChromium({ bfcache = false } = {}): Promise<Browser> {
  const { path, flags } = await findChromium({ bfcache });
  return chromium.launch({
    executablePath: path,
    headless: true,
    ignoreDefaultArgs: bfcache ? ["--disable-back-forward-cache"] : [],
    args: flags,
  });
}
