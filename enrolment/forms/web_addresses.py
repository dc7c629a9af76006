"""Web addresses where a name should be.

A name stands in letters to an address that anybody may have written, and mail programs make a link
of whatever looks like a web address.
"""

import re
import unicodedata

from courses.norwegian.names import without_unseen

# Every pair of Latin letters can be a country's domain. Of the others, those that mail programs
# know and links to strangers are sent with. None that is a name («.moe», «.wang»): an address under
# a domain that is missing here is no link either, once `clean_name` has put a space into it.
TOP_LEVEL_DOMAINS = {
    "academy", "agency", "app", "art", "arpa", "asia", "band", "bar", "bet", "bid", "bio", "biz",
    "blog", "bot", "buzz", "cam", "cash", "casino", "cat", "cfd", "chat", "click", "cloud",
    "club", "codes", "coop", "com", "company", "cyou", "date", "deals", "dev", "digital",
    "direct", "download", "edu", "email", "events", "exchange", "expert", "express", "finance",
    "fit", "fun", "fund", "fyi", "game", "games", "gift", "gle", "goog", "google", "gov", "group",
    "guru", "health", "help", "homes", "host", "icu", "info", "ink", "int", "investments", "jobs",
    "lat", "life", "link", "live", "loan", "loans", "lol", "ltd", "market", "marketing", "media",
    "men", "mil", "mobi", "mom", "money", "monster", "museum", "name", "net", "network", "new",
    "news", "ninja", "one", "onion", "online", "org", "page", "party", "photo", "photos", "pics",
    "plus", "poker", "press", "pro", "promo", "pub", "quest", "racing", "red", "rent", "rest",
    "review", "reviews", "rip", "rocks", "run", "sale", "sbs", "school", "services", "sexy",
    "shop", "shopping", "show", "site", "skin", "social", "software", "solutions", "space",
    "store", "stream", "studio", "support", "surf", "systems", "tax", "team", "tech", "tel",
    "tips", "today", "tokyo", "tools", "top", "town", "trade", "trading", "travel", "tube", "uno",
    "vip", "video", "watch", "webcam", "website", "wiki", "win", "work", "works", "world", "wtf",
    "xxx", "xyz", "yachts", "zip", "zone", "бел", "бг", "дети", "ею", "мкд", "мон", "орг", "рус",
    "рф", "сайт", "срб", "укр", "онлайн", "қаз", "中国", "中國", "公司", "网络",
    "网址", "香港", "台湾", "한국",
}  # fmt: skip
OTHER_FULL_STOPS = str.maketrans("。｡", "..")  # read as a dot in an address; NFKC leaves them
WWW = re.compile(r"\bwww\d?\.", re.IGNORECASE)
DOTTED = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)+")


def holds_web_address(text: str) -> bool:
    """Whether a mail program, or somebody who reads, would take part of the text for an address.

    «Mohd.Ali», «Prof.Hansen» and «2.trinn» are none: there is no such domain. «Dr.Li» and «J.P.Li»
    are a title or initials and a name.
    """
    seen = unicodedata.normalize("NFKC", without_unseen(text)).translate(OTHER_FULL_STOPS)
    if "://" in seen or WWW.search(seen):
        return True
    return any(_is_address(match.group()) for match in DOTTED.finditer(seen))


def _is_address(word: str) -> bool:
    *before, last = word.split(".")
    if last.casefold() in TOP_LEVEL_DOMAINS or last.casefold().startswith("xn--"):
        return True
    if not (len(last) == 2 and last.isascii() and last.isalpha()):
        return False
    is_name = last.istitle() and all(len(each) <= 3 and each.istitle() for each in before)
    return not is_name
