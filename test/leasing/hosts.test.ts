import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Channel, channelOf } from "../../edge/leasing/model/channel.ts";
import {
  keywordParameters,
  kindOfSource,
  sourceOfApp,
  sourceOfHost,
} from "../../edge/leasing/model/hosts.ts";
import { law } from "../support/laws.ts";

/**
 * Hosts by what Matomo's list of July 2026 (public domain) calls them, without networks that are closed and Foursquare,
 * which is a directory here.
 */
const LISTED = {
  ai: `yiyan.baidu.com ai.baidu.com chatplus.com chat-gpt.org chatgpt.com chat.openai.com labs.openai.com claude.ai
    copilot.microsoft.com chatglm.cn chat.deepseek.com gemini.google.com bard.google.com grok.com iask.ai app.jasper.ai
    chat.mistral.ai meta.ai notebooklm.google.com perplexity.ai chat.qwen.ai you.com`,
  social: `badoo.com blackplanet.com classmates.com gaiaonline.com geni.com github.com plus.google.com douban.com
    dribbble.com facebook.com fb.me m.facebook.com l.facebook.com fetlife.com flickr.com gree.jp habbo.com
    news.ycombinator.com hi5.com identi.ca instagram.com l.instagram.com last.fm lastfm.ru lastfm.de lastfm.com.br
    linkedin.com lnkd.in livejournal.ru livejournal.com mixi.jp moikrug.ru my.mail.ru myheritage.com myspace.com nk.pl
    odnoklassniki.ru pinterest.com qzone.qq.com reddit.com np.reddit.com pay.reddit.com renren.com skyrock.com
    stackoverflow.com login.tagged.com taringa.net web.telegram.org tumblr.com twitter.com t.co sourceforge.net vk.com
    vkontakte.ru youtube.com youtu.be v2ex.com viadeo.com vimeo.com weibo.com t.cn xanga.com xing.com`,
} as const;

const named = (host: string) => {
  const known = sourceOfHost(host);
  return known ? `${known.kind} ${known.source}` : null;
};

describe("sources by host", () => {
  it("knows a company's hosts in every country", () => {
    for (const host of ["google.com", "www.google.de", "google.co.uk", "www.google.com.br", "google.co.jp"]) {
      expect([host, named(host)]).toEqual([host, "search google"]);
    }
    expect(named("uk.search.yahoo.com")).toBe("search yahoo");
    expect(named("yandex.com.tr")).toBe("search yandex");
    expect(named("www.yelp.co.uk")).toBe("directory yelp");
    expect(named("de.pinterest.com")).toBe("social pinterest");
  });

  it("lets the longest name win", () => {
    expect(named("mail.google.com")).toBe("mail gmail");
    expect(named("gemini.google.com")).toBe("ai gemini");
    expect(named("maps.google.co.uk")).toBe("directory google-maps");
    expect(named("edgeservices.bing.com")).toBe("ai copilot");
    expect(named("mail.yahoo.com")).toBe("mail yahoo-mail");
    expect(named("alice.yandex.ru")).toBe("ai alice");
    expect(named("mail.yandex.com")).toBe("mail yandex-mail");
    expect(named("docs.google.com")).toBe(null);
  });

  it("is not fooled by who only looks like one", () => {
    const others = [
      "google.evil.example",
      "google.com.evil.example",
      "notgoogle.com",
      "netflix.com",
      "xbing.com",
      "facebook.example",
      "com",
      "localhost",
      "10.0.0.1",
      "[::1]",
      "",
      "constructor.com",
    ];
    for (const host of others) expect([host, named(host)]).toEqual([host, null]);
  });

  it("knows short links, assistants and web mail, also of those it never heard of", () => {
    expect(named("t.co")).toBe("social x");
    expect(named("l.facebook.com")).toBe("social facebook");
    expect(named("chatgpt.com")).toBe("ai chatgpt");
    expect(named("www.perplexity.ai")).toBe("ai perplexity");
    expect(named("webmail.example.org")).toBe("mail webmail.example.org");
    expect(named("us1.list-manage.com")).toBe("mail mailchimp");
  });

  it.each(Object.entries(LISTED))("calls %s what a public list calls so", (kind, hosts) => {
    const others = hosts.split(/\s+/).filter((host) => sourceOfHost(host)?.kind !== kind);
    expect(others).toEqual([]);
  });

  it("knows applications", () => {
    expect(sourceOfApp("com.google.android.gm")).toEqual({ kind: "mail", source: "gmail" });
    expect(sourceOfApp("com.google.android.googlequicksearchbox")).toEqual({
      kind: "search",
      source: "google",
    });
    expect(sourceOfApp("com.example.app")).toBe(null);
    expect(sourceOfApp("__proto__")).toBe(null);
  });

  it("takes any text as a host or a name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        sourceOfHost(text);
        kindOfSource(text);
        expect(keywordParameters(text)).toBeInstanceOf(Array);
      }),
      law(300),
    );
    expect(sourceOfHost(`${"a.".repeat(5_000)}google.com`)).toBe(null);
  });
});

describe("kinds by what people write into utm_source", () => {
  it("understands names, aliases, hosts and a trailing ads", () => {
    for (const name of [
      "google",
      "Google",
      "google-ads",
      "Google Ads",
      "adwords",
      "google.com",
      "googleads",
    ]) {
      expect([name, kindOfSource(name)]).toEqual([name, "search"]);
    }
    for (const name of ["fb", "Facebook", "facebook_ads", "IG", "twitter", "linkedin.com", "meta"]) {
      expect([name, kindOfSource(name)]).toEqual([name, "social"]);
    }
    expect(kindOfSource("chatgpt.com")).toBe("ai");
    for (const name of ["spring-sale", "ads", "", "partner.example"]) expect(kindOfSource(name)).toBe(null);
  });
});

describe("channels", () => {
  const table: [source: string, medium: string, channel: Channel][] = [
    ["(direct)", "(none)", "direct"],
    ["google", "cpc", "paid_search"],
    ["google", "organic", "organic_search"],
    ["bing", "PPC", "paid_search"],
    ["search-network", "paid_search", "paid_search"],
    ["facebook", "cpc", "paid_social"],
    ["facebook", "paid_social", "paid_social"],
    ["partner", "paidsocial", "paid_social"],
    ["facebook", "social", "organic_social"],
    ["fb", "post", "organic_social"],
    ["partner", "social-media", "organic_social"],
    ["chatgpt", "ai", "ai_assistant"],
    ["perplexity.ai", "(not set)", "ai_assistant"],
    ["gmail", "email", "email"],
    ["google", "email", "email"],
    ["newsletter", "(not set)", "email"],
    ["example.org", "referral", "referral"],
    ["yelp", "referral", "referral"],
    ["google", "display", "display"],
    ["partner", "cpm", "display"],
    ["taboola", "cpc", "display"],
    ["impact", "affiliate", "affiliate"],
    ["partner", "cpc", "other"],
    ["partner", "sms", "other"],
    ["(not set)", "(not set)", "other"],
    ["facebook", "unpaid", "organic_social"],
  ];
  it.each(table)("%s / %s is %s", (source, medium, channel) => {
    expect(channelOf(source, medium)).toBe(channel);
  });
});
