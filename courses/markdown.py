"""What the college writes in Markdown, as HTML: CommonMark, and nothing that could run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = frozenset({"https", "mailto", "tel"})
TAGS = frozenset(
    "a blockquote br code em h2 h3 h4 h5 h6 hr img li ol p pre strong ul".split()  # noqa: SIM905
)
OPEN_PLACE = re.compile(r"\[[^\[\]]+\]")


@dataclass(frozen=True)
class Written:
    """A text as HTML, and the names of the files that stand in it."""

    html: SafeString
    files: frozenset[str]


@cache
def _parser() -> MarkdownIt:
    # Of HTML that somebody typed the signs are shown: it is no mark-up.
    return MarkdownIt("commonmark", {"html": False})


def as_html(text: str, files: Mapping[str, str]) -> Written:
    """The text as HTML. `files` are the addresses of the page's own files, by their names.

    Headings begin at level two and leave none out: the page's title stands over them. A picture is
    shown where it is one of these files, and a link may lead to one by its name. All other
    pictures, and links that `refused_links` names, are left out.
    """
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(text, environment)
    _renumber_headings(tokens)
    used = set()
    for inline in _inlines(tokens):
        children = []
        for token in inline.children or []:
            attribute = {"image": "src", "link_open": "href"}.get(token.type, "")
            target = str(token.attrGet(attribute) or "") if attribute else ""
            if (name := unquote(target)) in files and target:
                token.attrSet(attribute, files[name])
                used.add(name)
            elif token.type == "image":
                continue
            elif target and not _is_allowed(target):
                token.attrs.pop("href")
            children.append(token)
        inline.children = children
    drawn = parser.renderer.render(tokens, parser.options, environment).replace("<p></p>\n", "")
    clean = nh3.clean(
        drawn,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}},
        url_schemes=set(SCHEMES),
        link_rel="noreferrer",
    )
    return Written(mark_safe(clean), frozenset(used))  # noqa: S308  cleaned in the line above


def refused_links(text: str) -> list[str]:
    """Where links lead that may lead nowhere else than by https, to mail, to a phone, or here."""
    targets = (
        str(token.attrGet("href") or "")
        for inline in _inlines(_parser().parse(text))
        for token in inline.children or []
        if token.type == "link_open"
    )
    return [each for each in targets if not _is_allowed(each)]


def open_places(text: str) -> list[str]:
    """What stands between square brackets and is no link, brackets and all."""
    found = []
    for inline in _inlines(_parser().parse(text)):
        words = "".join(each.content for each in inline.children or [] if each.type == "text")
        found += OPEN_PLACE.findall(words)
    return found


def _inlines(tokens: list[Token]) -> Iterator[Token]:
    return (each for each in tokens if each.type == "inline")


def _is_allowed(target: str) -> bool:
    try:
        address = urlsplit(target)
    except ValueError:
        return False
    if address.scheme:
        return address.scheme in SCHEMES
    return not address.netloc  # «//example.org» is elsewhere


def _renumber_headings(tokens: list[Token]) -> None:
    """Each below the nearest one before it that was meant to stand above it."""
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in ("heading_open", "heading_close"):
            if token.type == "heading_open":
                level = min(len(above) + 1, 6)
            token.tag = f"h{level}"
