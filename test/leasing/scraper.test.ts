import CRAWLERS from "crawler-user-agents";
import { describe, expect, it } from "vitest";
import { isBot, isScraper } from "../../edge/leasing/model/browser.ts";

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

/** Apps in which people look at pages; the list of crawlers has them for what their makers' servers fetch. */
const APPS = /Instagram|MetaIAB|Electron\/|\bFluid\/|TSM-turingos/;

/** Pages in apps, and phones whose makers' names sound like robots. */
const IN_APPS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.1.0.40.106;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1]",
  "Mozilla/5.0 (Linux; Android 14; SM-S918U; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/469.0.0.51.80;]",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 329.0.4.34.89 (iPhone14,5; iOS 17_4_1; en_US)",
  "Mozilla/5.0 (Linux; Android 13; SM-A146U; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 trill_340603 BytedanceWebview/d8a21c6 musical_ly_2023406030",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Snapchat/12.84.0.40 (like Safari/8617.2.4.10.8, panda)",
  "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [Pinterest/Android]",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/322.0.643911361 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 NextdoorApp/6.42",
  "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
  "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; en) Presto/2.12.423 Version/12.16",
];

describe("a robot by its user agent", () => {
  it("is each of the crawlers that are known by name, but for apps in which people look at pages", () => {
    const agents = [...new Set(CRAWLERS.flatMap(({ instances }) => instances))];
    expect(agents.length).toBeGreaterThan(2_000);
    expect(agents.filter((agent) => !isBot(agent) && !APPS.test(agent))).toEqual([]);
  });

  it.each([...PEOPLE, ...IN_APPS])("is no person: %s", (user_agent) => {
    expect(isBot(user_agent)).toBe(false);
  });
});

describe("a scraper by its user agent", () => {
  it.each(SCRAPERS)("is %s", (user_agent) => {
    expect([isBot(user_agent), isScraper(user_agent)]).toEqual([true, true]);
  });

  it.each(READ_FOR_PEOPLE)("is not what reads for people: %s", (user_agent) => {
    expect([isBot(user_agent), isScraper(user_agent)]).toEqual([true, false]);
  });

  it.each(PEOPLE)("is no person: %s", (user_agent) => {
    expect(isScraper(user_agent)).toBe(false);
  });
});
