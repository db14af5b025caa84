import { isbot } from "isbot";
import { describe, expect, it } from "vitest";
import { isScraper } from "../../edge/leasing/model/browser.ts";

/** User agents as these programs send them unless told otherwise. */
const SCRAPERS = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/146.0.0.0 Safari/537.36",
  "python-requests/2.32.3",
  "Python/3.12 aiohttp/3.10.5",
  "python-httpx/0.27.2",
  "curl/8.5.0",
  "Wget/1.21.4",
  "Go-http-client/2.0",
  "axios/1.7.7",
  "node-fetch/1.0 (+no contact)",
  "okhttp/4.12.0",
  "Apache-HttpClient/4.5.14 (Java/17.0.12)",
];

/** They show what they read to people, so what they read must be a number for people. */
const READ_FOR_PEOPLE = [
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
  "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Mobile Safari/537.36 Prerender (+https://github.com/prerender/prerender)",
  "WhatsApp/2.23.20.0",
  "TelegramBot (like TwitterBot)",
];

const PEOPLE = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
];

describe("a scraper by its user agent", () => {
  it.each(SCRAPERS)("is %s", (user_agent) => {
    expect([isbot(user_agent), isScraper(user_agent)]).toEqual([true, true]);
  });

  it.each(READ_FOR_PEOPLE)("is not what reads for people: %s", (user_agent) => {
    expect([isbot(user_agent), isScraper(user_agent)]).toEqual([true, false]);
  });

  it.each(PEOPLE)("is no person: %s", (user_agent) => {
    expect(isScraper(user_agent)).toBe(false);
  });
});
