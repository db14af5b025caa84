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

/**
 * A real, headless Chromium: `CHROME_PATH`, else an installed one, else the one inside `@sparticuz/chromium`.
 * Whoever launches it closes it. `bfcache`: pages that are left may come back as they were, as with real visitors,
 * which takes the whole browser.
 */
export async function launchChromium({ bfcache = false } = {}): Promise<Browser> {
  const paths = bfcache ? INSTALLED : [SHELL, ...INSTALLED];
  const installed = [process.env.CHROME_PATH, ...paths].find((path) => path && existsSync(path));
  const executablePath = installed ?? (await sparticuz.executablePath());
  return chromium.launch({
    executablePath,
    headless: true,
    ignoreDefaultArgs: bfcache ? ["--disable-back-forward-cache"] : [],
    args: installed ? FLAGS : [...sparticuz.args, ...FLAGS],
  });
}
