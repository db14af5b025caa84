/** What kind of place a visitor came from. */
export type SourceKind = "search" | "social" | "ai" | "mail" | "directory" | "display";

/** A place by the name that reports show, such as `google`, `facebook`, `chatgpt`, `gmail`. */
export type KnownSource = { kind: SourceKind; source: string };

/*
 * The tables: sources separated by white space, each `name=host,host`, or a host alone that is named by its first
 * label. `bing.com` stands for the domain and all below it; the longest match wins, so `mail.google.com` is mail
 * although `google.*` is search. `google.*` stands for `google` before any country's ending (`com`, `de`, `co.uk`,
 * `com.br`) and is used where one company holds them.
 */

const SEARCH = `
  google=google.*,cdn.ampproject.org,g.co bing.com
  yahoo=yahoo.com,yahoo.co.jp,yahoo.* duckduckgo.com brave=search.brave.com ecosia.org qwant.com
  startpage.com kagi.com mojeek.com swisscows.com metager=metager.org,metager.de
  presearch=presearch.com,presearch.org marginalia=marginalia.nu,marginalia-search.com ask.com
  aol=search.aol.*,aolsearch.com yandex=yandex.*,ya.ru mail.ru=go.mail.ru rambler=nova.rambler.ru
  baidu.com sogou.com 360=so.com shenma=sm.cn naver=search.naver.com daum=search.daum.net
  nate=search.nate.com zum=search.zum.com goo=search.goo.ne.jp biglobe=search.biglobe.ne.jp
  docomo=service.smt.docomo.ne.jp auone=search.auone.jp,sp-search.auone.jp
  rakuten=websearch.rakuten.co.jp coccoc.com petal=petalsearch.com seznam=search.seznam.cz
  centrum=search.centrum.cz zoznam.sk onet=szukaj.onet.pl wp=szukaj.wp.pl t-online=suche.t-online.de
  web.de=suche.web.de gmx=suche.gmx.net,suche.gmx.at freenet=suche.freenet.de
  fireball=fireball.de,fireball.com orange=lemoteur.orange.fr lilo.org virgilio=ricerca.virgilio.it
  libero=ricerca.libero.it sapo=pesquisa.sapo.pt uol=busca.uol.com.br
  terra=buscador.terra.com,buscador.terra.com.br walla=search.walla.co.il search.ch=search.ch
  bluewin=search.bluewin.ch kvasir.no eniro=search.eniro.se
  xfinity=search.xfinity.com,search.comcast.net lycos=search.lycos.com excite=search.excite.com
  dogpile.com webcrawler.com metacrawler.com info.com zapmeta.* visymo.com izito.* entireweb.com
  ekoru.org oceanhero.today givero.com freespoke.com avg=search.avg.com avira=search.avira.com
  mysearch.com myway=search.myway.com mywebsearch.com
`;

const SOCIAL = `
  facebook=facebook.com,fb.com,fb.me,fb.watch,messenger.com,m.me instagram=instagram.com,ig.me
  threads=threads.net,threads.com x=x.com,t.co,twitter.com linkedin=linkedin.com,lnkd.in
  youtube=youtube.com,youtu.be,youtube-nocookie.com tiktok.com pinterest=pinterest.*,pin.it
  reddit=reddit.com,redd.it snapchat.com nextdoor.* whatsapp=whatsapp.com,wa.me,l.wl.co
  telegram=telegram.org,telegram.me,t.me discord=discord.com,discordapp.com,discord.gg
  bluesky=bsky.app,bsky.social
  mastodon=mastodon.social,mastodon.online,mstdn.social,mstdn.jp,mas.to,fosstodon.org,hachyderm.io,infosec.exchange
  lemmy=lemmy.world,lemmy.ml truth-social=truthsocial.com gab.com gettr.com mewe.com minds.com
  rumble.com tumblr.com quora.com medium.com flipboard.com pocket=getpocket.com digg.com slashdot.org
  hacker-news=news.ycombinator.com,hckrnews.com lobsters=lobste.rs product-hunt=producthunt.com
  vimeo.com dailymotion.com twitch.tv flickr.com imgur.com 9gag.com deviantart.com dribbble.com
  behance.net goodreads.com strava.com meetup.com livejournal=livejournal.com,livejournal.ru myspace.com disqus=disqus.com,disq.us
  viva=web.yammer.com,engage.cloud.microsoft workplace.com xing.com viadeo.com taringa.net wykop.pl
  draugiem.lv vk=vk.com,vk.ru,vkontakte.ru ok=ok.ru,odnoklassniki.ru moi-mir=my.mail.ru
  weibo=weibo.com,weibo.cn,t.cn wechat=weixin.qq.com,wechat.com qzone.qq.com zhihu.com douban.com
  bilibili=bilibili.com,b23.tv douyin.com kuaishou.com xiaohongshu=xiaohongshu.com,xhslink.com line.me
  kakao=story.kakao.com,pf.kakao.com band.us mixi.jp hatena=b.hatena.ne.jp plurk.com gree.jp renren.com
  github.com stackoverflow.com sourceforge.net v2ex.com last.fm=last.fm,lastfm.* google-plus=plus.google.com
  badoo.com classmates.com gaiaonline.com geni.com myheritage.com habbo.com fetlife.com tagged.com hi5.com
  blackplanet.com moikrug=moikrug.ru,career.habr.com nasza-klasa=nk.pl skyrock.com xanga.com identi.ca
`;

const AI = `
  chatgpt=chatgpt.com,chat.openai.com,labs.openai.com,chat.com perplexity.ai claude=claude.ai,claude.com
  gemini=gemini.google.com,bard.google.com notebooklm=notebooklm.google.com,notebooklm.google
  google-ai-studio=aistudio.google.com
  copilot=copilot.microsoft.com,copilot.com,m365.cloud.microsoft,edgeservices.bing.com meta-ai=meta.ai
  grok=grok.com,x.ai deepseek.com mistral.ai poe.com you.com phind.com duck.ai=duck.ai lumo.proton.me
  pi.ai character.ai=character.ai huggingchat=hf.co,huggingface.co t3.chat groq.com manus.im
  kimi=kimi.com,kimi.moonshot.cn,kimi.ai doubao.com qwen=qwen.ai,tongyi.aliyun.com,tongyi.com
  ernie=yiyan.baidu.com,chat.baidu.com,ai.baidu.com yuanbao.tencent.com z.ai=z.ai,chatglm.cn metaso.cn
  alice.yandex.ru gigachat=giga.chat clova-x.naver.com felo.ai genspark.ai iask.ai andi=andisearch.com
  komo.ai exa.ai consensus.app liner.com monica.im sider.ai jasper.ai
  chatplus=chatplus.com,chat-gpt.org
`;

const MAIL = `
  gmail=mail.google.com,inbox.google.com,gmail.com
  outlook=outlook.com,outlook.live.com,mail.live.com,outlook.office.com,outlook.office365.com,outlook.cloud.microsoft,hotmail.com
  yahoo-mail=mail.yahoo.com,mail.yahoo.co.jp,mail.yahoo.* aol-mail=mail.aol.com,mail.aol.* icloud.com
  proton=mail.proton.me,protonmail.com zoho=mail.zoho.com,mail.zoho.* fastmail.com
  tuta=app.tuta.com,mail.tutanota.com hey=app.hey.com superhuman=mail.superhuman.com
  front=app.frontapp.com mail.com=mail.com gmx-mail=gmx.* web.de-mail=web.de
  t-online-mail=email.t-online.de ionos=mail.ionos.* posteo.de mailbox.org=mailbox.org
  orange-mail=messagerie.orange.fr,mail.orange.fr,mail01.orange.fr,mail02.orange.fr
  sfr-mail=messagerie.sfr.fr,webmail.sfr.fr free-mail=zimbra.free.fr
  libero-mail=mail.libero.it,mail1.libero.it wp-mail=poczta.wp.pl onet-mail=poczta.onet.pl
  o2-mail=poczta.o2.pl interia-mail=poczta.interia.pl seznam-mail=email.seznam.cz
  centrum-mail=mail.centrum.cz mail.ru-mail=e.mail.ru,touch.mail.ru,octavius.mail.ru
  yandex-mail=mail.yandex.* rambler-mail=mail.rambler.ru xfinity-mail=connect.xfinity.com
  att-mail=currently.att.yahoo.com bt-mail=email.bt.com uol-mail=email.uol.com.br
  bol-mail=email.bol.com.br qq-mail=mail.qq.com 163-mail=mail.163.com,mail.126.com
  naver-mail=mail.naver.com daum-mail=mail.daum.net rediffmail=mail.rediff.com
  mailchimp=list-manage.com,mailchi.mp,campaign-archive.com mandrill=mandrillapp.com sendgrid.net
  constant-contact=rs6.net,constantcontact.com brevo=sendibm1.com,sendibt2.com
  campaign-monitor=createsend.com,createsend1.com,cmail19.com,cmail20.com
  klaviyo=klclick.com,klclick1.com hubspot=hubspotlinks.com,hubspotemail.net
`;

const DIRECTORY = `
  google-maps=maps.google.*,maps.app.goo.gl apple-maps=maps.apple.com waze.com mapquest.com
  here=wego.here.com openstreetmap.org 2gis.* yandex-maps=maps.yandex.* baidu-maps=map.baidu.com
  naver-maps=map.naver.com kakao-maps=map.kakao.com yelp.*
  yellowpages=yellowpages.com,yp.com,yellowpages.ca,yellowpages.com.au,pagesjaunes.ca
  superpages=superpages.com,dexknows.com whitepages=whitepages.com,whitepages.com.au
  411=411.com,411.ca,canada411.ca bbb.org angi=angi.com,angieslist.com,homeadvisor.com thumbtack.com
  houzz.* porch.com networx.com manta.com citysearch.com local.com hotfrog.* foursquare.com
  tripadvisor.* opentable.* trustpilot.* healthgrades.com zocdoc.com vitals.com webmd=doctor.webmd.com
  avvo.com justia.com lawyers=lawyers.com,martindale.com findlaw.com cars.com=cars.com autotrader.*
  zillow=zillow.com,trulia.com realtor=realtor.com,realtor.ca apartments.com yell.com
  thomson-local=thomsonlocal.com checkatrade.com gelbe-seiten=gelbeseiten.de,dasoertliche.de,11880.com
  herold.at local.ch=local.ch pages-jaunes=pagesjaunes.fr pagine-gialle=paginegialle.it
  paginas-amarillas=paginasamarillas.es golden-pages=goldenpages.ie,goudengids.nl,goldenpages.be
  truelocal.com.au hitta=hitta.se,eniro.se gulesider=gulesider.no,1881.no krak=krak.dk,degulesider.dk
  fonecta.fi justdial.com sulekha.com indiamart.com
`;

const DISPLAY = `
  doubleclick=doubleclick.net,googlesyndication.com,googleadservices.com,2mdn.net
  amazon-ads=amazon-adsystem.com criteo=criteo.com,criteo.net taboola.com outbrain.com mgid.com
  revcontent.com adroll.com xandr=adnxs.com
`;

/** Below a host of the tables, but an ordinary site whose links are referrals. */
const ORDINARY_SITES = `
  docs.google.com drive.google.com sites.google.com groups.google.com calendar.google.com meet.google.com
  classroom.google.com accounts.google.com play.google.com news.google.com translate.google.com
  support.google.com developers.google.com cloud.google.com books.google.com finance.yahoo.com
  news.yahoo.com sports.yahoo.com groups.yahoo.com news.yahoo.co.jp tieba.baidu.com zhidao.baidu.com
  baike.baidu.com dzen.yandex.ru market.yandex.ru developer.x.com
`;

/** A host name has at most 127 labels; no known one has more than these. */
const LABELS_MAX = 16;

const HOSTS = new Map<string, KnownSource | null>();
const KINDS = new Map<string, SourceKind>();
const TABLES: readonly [SourceKind, string][] = [
  ["search", SEARCH],
  ["social", SOCIAL],
  ["ai", AI],
  ["mail", MAIL],
  ["directory", DIRECTORY],
  ["display", DISPLAY],
];
for (const [kind, table] of TABLES) {
  for (const entry of table.trim().split(/\s+/)) {
    const [left = "", right] = entry.split("=");
    const source = right === undefined ? (left.split(".")[0] ?? left) : left;
    KINDS.set(source, kind);
    for (const host of (right ?? left).split(",")) HOSTS.set(host, { kind, source });
  }
}

for (const host of ORDINARY_SITES.trim().split(/\s+/)) HOSTS.set(host, null);

/** Packages of Android applications, as their `android-app://` referrers name them. */
const APPS: ReadonlyMap<string, string> = new Map([
  ["com.google.android.googlequicksearchbox", "google"],
  ["com.google.android.apps.searchlite", "google"],
  ["com.google.android.gm", "gmail"],
  ["com.google.android.gm.lite", "gmail"],
  ["com.google.android.apps.maps", "google-maps"],
  ["com.google.android.apps.bard", "gemini"],
  ["com.google.android.youtube", "youtube"],
  ["com.microsoft.bing", "bing"],
  ["com.microsoft.office.outlook", "outlook"],
  ["com.microsoft.copilot", "copilot"],
  ["com.duckduckgo.mobile.android", "duckduckgo"],
  ["ru.yandex.searchplugin", "yandex"],
  ["com.yahoo.mobile.client.android.mail", "yahoo-mail"],
  ["ch.protonmail.android", "proton"],
  ["com.facebook.katana", "facebook"],
  ["com.facebook.lite", "facebook"],
  ["com.facebook.orca", "facebook"],
  ["com.instagram.android", "instagram"],
  ["com.instagram.barcelona", "threads"],
  ["com.twitter.android", "x"],
  ["com.linkedin.android", "linkedin"],
  ["com.pinterest", "pinterest"],
  ["com.reddit.frontpage", "reddit"],
  ["com.snapchat.android", "snapchat"],
  ["com.zhiliaoapp.musically", "tiktok"],
  ["com.nextdoor", "nextdoor"],
  ["com.whatsapp", "whatsapp"],
  ["org.telegram.messenger", "telegram"],
  ["com.discord", "discord"],
  ["com.quora.android", "quora"],
  ["com.yelp.android", "yelp"],
  ["com.waze", "waze"],
  ["com.openai.chatgpt", "chatgpt"],
  ["ai.perplexity.app.android", "perplexity"],
  ["com.anthropic.claude", "claude"],
]);

/** What people write into `utm_source` for a source that the tables name otherwise. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["fb", "facebook"],
  ["meta", "facebook"],
  ["ig", "instagram"],
  ["insta", "instagram"],
  ["twitter", "x"],
  ["yt", "youtube"],
  ["adwords", "google"],
  ["microsoft", "bing"],
  ["openai", "chatgpt"],
  ["gmb", "google"],
  ["gbp", "google"],
]);

/** The endings under which one company holds its name in many countries: `com`, `de`, `co.uk`, `com.br`. */
const COUNTRY_ENDING = /\.(?:com|(?:com?|ne)\.[a-z]{2}|[a-z]{2})$/;

/** Hosts of web mail that companies and providers run under their own name. */
const WEB_MAIL_HOST = /^(?:webmail|mail|owa|roundcube|zimbra)\d?\./;

/**
 * The source that a referrer's host is, or null for an unknown one. `host` is lower case, without port
 * (see `splitUrl`). Unknown web mail is recognized by its first label and named by its host.
 */
export function sourceOfHost(host: string): KnownSource | null {
  const labels = host.split(".", LABELS_MAX);
  for (let from = 0; from < labels.length - 1; from++) {
    const domain = labels.slice(from).join(".");
    const known = HOSTS.get(domain);
    if (known !== undefined) return known;
    const anyCountry = HOSTS.get(domain.replace(COUNTRY_ENDING, ".*"));
    if (anyCountry) return anyCountry;
  }
  return WEB_MAIL_HOST.test(host) ? { kind: "mail", source: host } : null;
}

/** The source that an Android application is, by its package name; null for an unknown one. */
export function sourceOfApp(packageName: string): KnownSource | null {
  const source = APPS.get(packageName);
  const kind = source === undefined ? undefined : KINDS.get(source);
  return source === undefined || kind === undefined ? null : { kind, source };
}

/**
 * The kind of a source by what a `utm_source` calls it: a name of the tables, a usual alias, a host, each also with
 * a trailing `ads` (`google-ads`, `facebook ads`); null when it is none of these.
 */
export function kindOfSource(name: string): SourceKind | null {
  const plain = name.trim().toLowerCase();
  const base = plain.length > 3 ? plain.replace(/[ ._-]?ads?$/, "") : plain;
  for (const candidate of [plain, base]) {
    const kind = KINDS.get(ALIASES.get(candidate) ?? candidate);
    if (kind) return kind;
  }
  return plain.includes(".") ? (sourceOfHost(plain)?.kind ?? null) : null;
}

/**
 * The parameters in which a search engine still tells what was searched for. Google and DuckDuckGo do not (a `q` in
 * a Google referrer is the address of the page, not a query), most others strip it to their host in practice.
 */
const KEYWORD_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["bing", ["q"]],
  ["yahoo", ["p"]],
  ["ecosia", ["q"]],
  ["qwant", ["q"]],
  ["ask", ["q"]],
  ["aol", ["q"]],
  ["lycos", ["q"]],
  ["dogpile", ["q"]],
  ["webcrawler", ["q"]],
  ["info", ["q"]],
  ["xfinity", ["q"]],
  ["yandex", ["text"]],
  ["mail.ru", ["q"]],
  ["rambler", ["query"]],
  ["baidu", ["wd", "word"]],
  ["sogou", ["query", "keyword"]],
  ["360", ["q"]],
  ["shenma", ["q"]],
  ["naver", ["query"]],
  ["daum", ["q"]],
  ["nate", ["q"]],
  ["zum", ["query"]],
  ["goo", ["mt"]],
  ["biglobe", ["q"]],
  ["rakuten", ["qt"]],
  ["coccoc", ["query"]],
  ["seznam", ["q"]],
  ["onet", ["qt", "q"]],
  ["t-online", ["q"]],
  ["web.de", ["q", "su"]],
  ["gmx", ["q"]],
  ["virgilio", ["qs"]],
  ["libero", ["qs"]],
  ["kvasir", ["q"]],
]);

/** The names (lower case) of the referrer's parameters that hold the search words of this engine. */
export function keywordParameters(source: string): readonly string[] {
  return KEYWORD_PARAMETERS.get(source) ?? [];
}
