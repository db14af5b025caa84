import { describe, expect, it } from "vitest";
import { CLICK_ID_NAMES } from "../../edge/leasing/model/click-ids.ts";
import { classifyVisit } from "../../edge/leasing/model/source.ts";

const PAGE = "https://www.plumber.example/repair";

function visit(query: string, referrer = "", gpc = false) {
  return classifyVisit({ url: `${PAGE}${query}`, referrer, gpc });
}

/** `source / medium / channel` */
function way(query: string, referrer = ""): string {
  const { source, medium, channel } = visit(query, referrer);
  return `${source} / ${medium} / ${channel}`;
}

describe("what goes first", () => {
  it("is UTM, as written", () => {
    const found = visit(
      "?utm_source=News+Letter&utm_medium=Email&utm_campaign=May%202026&utm_term=leak&utm_content=top&gclid=G",
      "https://www.google.com/",
    );
    expect(found).toMatchObject({
      source: "News Letter",
      medium: "Email",
      campaign: "May 2026",
      term: "leak",
      content: "top",
      channel: "email",
      click_ids: { gclid: "G" },
    });
  });

  it("fills what UTM leaves open from the rest, never with a guess", () => {
    expect(way("?utm_source=chatgpt.com")).toBe("chatgpt.com / ai / ai_assistant");
    expect(way("?utm_source=fb&fbclid=x")).toBe("fb / social / organic_social");
    expect(way("?utm_source=google&gclid=x")).toBe("google / cpc / paid_search");
    expect(way("?utm_source=spring-flyer")).toBe("spring-flyer / (not set) / other");
    expect(way("?utm_medium=email", "https://www.google.com/")).toBe("google / email / email");
    expect(way("?utm_medium=cpc")).toBe("(not set) / cpc / other");
    expect(way("?utm_campaign=may", "https://www.bing.com/")).toBe("bing / organic / organic_search");
    expect(way("?utm_source=&utm_medium=", "https://www.bing.com/")).toBe("bing / organic / organic_search");
  });

  it("is then the click id of an advertisement", () => {
    expect(way("?gclid=x", "https://www.google.com/")).toBe("google / cpc / paid_search");
    expect(way("?wbraid=x")).toBe("google / cpc / paid_search");
    expect(way("?msclkid=x")).toBe("bing / cpc / paid_search");
    expect(way("?dclid=x")).toBe("google / display / display");
    expect(way("?ttclid=x", "https://www.tiktok.com/")).toBe("tiktok / cpc / paid_social");
    expect(way("?ScCid=x")).toBe("snapchat / cpc / paid_social");
    expect(way("?sccid=x")).toBe("snapchat / cpc / paid_social");
    expect(way("?irclickid=x", "https://blog.example/")).toBe("impact / affiliate / affiliate");
    expect(way("?gclid=x", "https://googleads.g.doubleclick.net/")).toBe("google / display / display");
    expect(way("?gad_source=1&gad_campaignid=77")).toBe("google / cpc / paid_search");
    expect(visit("?gad_source=1&gad_campaignid=77").campaign).toBe("77");
  });

  it("names the engine whose results Microsoft's advertisement stood in", () => {
    expect(way("?msclkid=x", "https://duckduckgo.com/")).toBe("duckduckgo / cpc / paid_search");
    expect(way("?gclid=x", "https://duckduckgo.com/")).toBe("google / cpc / paid_search");
  });

  it("takes Facebook's click id as Facebook, not as paid, and asks the referrer first", () => {
    expect(way("?fbclid=x")).toBe("facebook / social / organic_social");
    expect(way("?fbclid=x", "https://l.instagram.com/")).toBe("instagram / social / organic_social");
    expect(way("?fbclid=x&utm_medium=paid")).toBe("facebook / paid / paid_social");
    expect(way("?fbclid=x", "https://forum.example/t/1")).toBe("forum.example / referral / referral");
    expect(way("?fbclid=x&gclid=y")).toBe("google / cpc / paid_search");
  });

  it("is then the referrer", () => {
    expect(way("", "https://www.google.co.uk/")).toBe("google / organic / organic_search");
    expect(way("", "https://chatgpt.com/")).toBe("chatgpt / ai / ai_assistant");
    expect(way("", "https://mail.google.com/")).toBe("gmail / email / email");
    expect(way("", "https://t.co/abc")).toBe("x / social / organic_social");
    expect(way("", "https://www.yelp.com/biz/x")).toBe("yelp / referral / referral");
    expect(way("", "http://www.Blog.Example:8080/post")).toBe("blog.example / referral / referral");
    expect(way("", "android-app://com.google.android.gm/")).toBe("gmail / email / email");
    expect(way("", "android-app://com.google.android.googlequicksearchbox/https/www.google.com")).toBe(
      "google / organic / organic_search",
    );
    expect(way("", "android-app://com.example.app/")).toBe("com.example.app / referral / referral");
    expect(way("", "https://plumber-example.cdn.ampproject.org/")).toBe("google / organic / organic_search");
  });

  it("is at last nobody: no referrer, the site itself, or no web address", () => {
    const nobody = "(direct) / (none) / direct";
    const own = [
      "https://www.plumber.example/",
      "https://plumber.example/a?b",
      "https://blog.plumber.example/",
    ];
    for (const referrer of [
      "",
      ...own,
      "about:blank",
      "data:text/html,x",
      "chrome-extension://abc/x",
      "plumber",
    ]) {
      expect([referrer, way("", referrer)]).toEqual([referrer, nobody]);
    }
    expect(way("", "https://otherplumber.example/")).toBe("otherplumber.example / referral / referral");
  });
});

describe("the keyword", () => {
  const term = (query: string, referrer = "") => visit(query, referrer).term;

  it("is utm_term, else what an advertisement's template says", () => {
    expect(term("?utm_term=burst+pipe&keyword=other&gclid=x")).toBe("burst pipe");
    expect(term("?gclid=x&keyword=burst%20pipe&matchtype=p")).toBe("burst pipe");
    expect(term("?kw=drain&msclkid=x")).toBe("drain");
    expect(term("?k=drain&matchtype=e")).toBe("drain");
    expect(term("?hsa_kw=boiler&hsa_mt=b")).toBe("boiler");
  });

  it("is not what a visitor typed into the site's own search box", () => {
    expect(term("?keyword=tap")).toBe("");
    expect(term("?k=tap&gclid=x")).toBe("");
  });

  it("is not a placeholder that was never filled", () => {
    expect(term("?utm_term={keyword}&gclid=x")).toBe("");
    expect(visit("?utm_source=fb&utm_medium=paid&utm_campaign={{campaign.name}}").campaign).toBe("");
  });

  it("is what the engines say that still say it", () => {
    expect(term("", "https://www.bing.com/search?q=plumber+austin&form=QBLH")).toBe("plumber austin");
    expect(term("", "https://yandex.ru/search/?lr=213&text=%D1%82%D1%80%D1%83%D0%B1%D0%B0")).toBe("труба");
    expect(term("", "https://www.baidu.com/s?ie=utf-8&wd=%E6%B0%B4%E7%AE%A1")).toBe("水管");
    expect(term("", "https://search.naver.com/search.naver?query=pipe")).toBe("pipe");
    expect(term("", "https://search.seznam.cz/?q=instalat%C3%A9r")).toBe("instalatér");
    expect(term("", "https://duckduckgo.com/?q=plumber")).toBe("");
    expect(term("", "https://www.google.com/url?q=https://www.plumber.example/")).toBe("");
    expect(term("?utm_source=mail", "https://www.bing.com/search?q=plumber")).toBe("");
  });
});

describe("what is kept", () => {
  it("keeps click ids as they are, by their platform's spelling", () => {
    expect(visit("?GCLID=AbC-_9&sccid=Xy&fbclid=IwAR%2Bz").click_ids).toEqual({
      gclid: "AbC-_9",
      ScCid: "Xy",
      fbclid: "IwAR+z",
    });
  });

  it("drops every click id under Global Privacy Control, but not what channel it was", () => {
    const query = `?utm_campaign=may&${CLICK_ID_NAMES.map((name) => `${name}=SECRET`).join("&")}`;
    const found = visit(
      query,
      `https://l.facebook.com/l.php?u=${encodeURIComponent(PAGE + query)}&h=1`,
      true,
    );
    expect(found).toMatchObject({ click_ids: {}, source: "google", medium: "cpc", campaign: "may" });
    expect(JSON.stringify(found)).not.toContain("SECRET");
    expect(found.landing_url).toBe(`${PAGE}?utm_campaign=may`);
    expect(found.referrer).toBe("https://l.facebook.com/l.php?h=1");
  });

  it("keeps the click token apart from every stored URL, also under Global Privacy Control", () => {
    for (const gpc of [false, true]) {
      const found = visit("?rt_click=tok.en-1&a=b", `${PAGE}?rt_click=tok.en-1`, gpc);
      expect(found.rt_click).toBe("tok.en-1");
      expect(found.landing_url).toBe(`${PAGE}?a=b`);
      expect(found.referrer).toBe(PAGE);
    }
    expect(visit("?a=b").rt_click).toBe(null);
  });

  it("bounds everything", () => {
    const long = "x".repeat(5_000);
    const found = visit(
      `?utm_source=${long}&utm_campaign=${long}&gclid=${long}`,
      `https://${long}.example/${long}`,
    );
    expect(found.source).toHaveLength(256);
    expect(visit("", `https://webmail.${long}.example/`).source).toHaveLength(256);
    expect(visit("", `https://${long}.example/`).source).toHaveLength(256);
    expect(found.landing_url.length).toBeLessThanOrEqual(2_048);
    expect(found.referrer.length).toBeLessThanOrEqual(2_048);
    expect(
      classifyVisit({ url: `https://a.example/${long}`, referrer: "", gpc: false }).landing_path,
    ).toHaveLength(512);
  });

  it("stores no address that is not of the web", () => {
    const found = classifyVisit({
      url: "javascript:alert(1)//x",
      referrer: "javascript://x/%0aalert(1)",
      gpc: false,
    });
    expect(found).toMatchObject({ landing_url: "", landing_path: "", referrer: "", source: "(direct)" });
  });

  it("has a path for reports, without parameters", () => {
    expect(visit("?a=b#c").landing_path).toBe("/repair");
    expect(classifyVisit({ url: "https://a.example", referrer: "", gpc: false }).landing_path).toBe("/");
  });
});

describe("a touch", () => {
  const key = (query: string, gpc = false) => visit(query, "", gpc).touch_key;

  it("is what the URL brings, and nothing else of the page view", () => {
    expect(key("")).toBe("");
    expect(key("?page=2#top")).toBe("");
    expect(visit("", "https://www.google.com/").touch_key).toBe("");
    expect(key("?gclid=a")).toMatch(/^[0-9a-f]{16}$/);
    expect(key("?gclid=a&page=2")).toBe(key("?page=3&gclid=a"));
    expect(key("?utm_source=a&gclid=b")).toBe(key("?gclid=b&utm_source=a"));
  });

  it("is another one for another click token, click id or UTM set", () => {
    const keys = [
      "?gclid=a",
      "?gclid=A",
      "?gbraid=a",
      "?rt_click=a",
      "?utm_source=a",
      "?utm_medium=a",
      "?utm_id=a",
    ];
    const all = [...keys, "?gclid=a&utm_source=b", "?utm_source=a&utm_medium=b", "?utm_source=ab"];
    expect(new Set(all.map((query) => key(query))).size).toBe(all.length);
  });

  it("knows under Global Privacy Control which click ids there were, not which clicks", () => {
    expect(key("?gclid=a", true)).toBe(key("?gclid=b", true));
    expect(key("?gclid=a", true)).not.toBe(key("?msclkid=a", true));
    expect(key("?rt_click=a", true)).not.toBe(key("?rt_click=b", true));
  });

  it("hardly ever falls together with another", () => {
    const keys = new Set(Array.from({ length: 20_000 }, (_, i) => key(`?gclid=${i}`)));
    expect(keys.size).toBe(20_000);
  });
});
