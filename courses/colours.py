"""The colours of the pages: the portal's own, a college's in their place, and whether they can be
read.

A college chooses two: one for headings, links and buttons, and a pale one for the ground. All
others follow from these or stay. Contrast is that of WCAG 2.2, where `PAIRS` lists what stands on
what. Names are those of theme.css, with `_` for its `-`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

TEXT, SIGN = 4.5, 3  # WCAG 1.4.3, and 1.4.11 for edges and the mark of focus
BLACK, WHITE = "#000000", "#ffffff"
STEPS = 200  # from a colour to black, and to white

# As in theme.css: those that a pair names or that a college changes.
LIGHT = {
    "paper": "#faf5ec",
    "card": "#fffdf8",
    "field": "#ffffff",
    "sand": "#f3e8d4",
    "sand_hover": "#e8d9bd",
    "honey": "#f0b254",
    "honey_pale": "#fcefd6",
    "ink": "#12373d",
    "ink_soft": "#41595d",
    "heading": "#12373d",
    "deep": "#14464c",
    "on_deep": "#fbf5e9",
    "action": "#14464c",
    "action_hover": "#0d3339",
    "on_action": "#ffffff",
    "link": "#0e5a61",
    "link_hover": "#0d3339",
    "mist": "#e3eeea",
    "mist_line": "#b9d2ca",
    "line": "#ded2bd",
    "field_line": "#6a7f80",
    "amber": "#744100",
    "amber_line": "#b06a00",
    "amber_pale": "#fff1d9",
}
DARK = LIGHT | {
    "paper": "#101f22",
    "card": "#182a2e",
    "field": "#0d1a1d",
    "sand": "#2b3a3a",
    "sand_hover": "#364747",
    "honey_pale": "#372d19",
    "ink": "#ebe5d9",
    "ink_soft": "#b3c0bf",
    "heading": "#ebe5d9",
    "deep": "#14343a",
    "action": "#9ad3cd",
    "action_hover": "#bce5e0",
    "on_action": "#0d1f22",
    "link": "#8fd3cc",
    "link_hover": "#bce5e0",
    "mist": "#1e3b3e",
    "mist_line": "#3c6165",
    "line": "#34494c",
    "field_line": "#8a9f9f",
    "amber": "#f3c581",
    "amber_line": "#cf8c33",
    "amber_pale": "#372a13",
}
STANDARD_COLOUR, STANDARD_GROUND = LIGHT["action"], LIGHT["paper"]


@dataclass(frozen=True)
class Pair:
    """What stands on what, and the contrast that it needs."""

    front: str
    back: str
    at_least: float
    where: Any
    """In words, for whoever chose a colour that fails."""


_SURFACES = ("paper", "card", "mist", "honey_pale", "amber_pale")
_WORDS, _LINKS = _("words on their ground"), _("links and headings on their ground")
_BUTTONS, _FOOT = _("a button"), _("the foot of the page")
_FOCUS, _EDGES = _("the mark of the keyboard's focus"), _("the edges of fields")
# Every two that the stylesheets use together, where a college's colour may be one of them. The mark
# of focus is ink like the words, and honey on what is deep.
PAIRS = (
    *(Pair("ink", back, TEXT, _WORDS) for back in (*_SURFACES, "sand", "sand_hover")),
    *(Pair("ink_soft", back, TEXT, _WORDS) for back in ("paper", "card", "mist", "sand")),
    *(Pair("amber", back, TEXT, _WORDS) for back in ("paper", "card")),
    *(
        Pair(front, back, TEXT, _LINKS)
        for front in ("link", "link_hover", "heading")
        for back in _SURFACES
    ),
    *(Pair("action", back, TEXT, _BUTTONS) for back in ("paper", "card")),
    Pair("on_action", "action", TEXT, _BUTTONS),
    Pair("on_action", "action_hover", TEXT, _BUTTONS),
    Pair("on_deep", "deep", TEXT, _FOOT),
    Pair("honey", "deep", SIGN, _FOCUS),
    *(Pair("field_line", back, SIGN, _EDGES) for back in ("field", "paper", "card")),
    *(Pair("amber_line", back, SIGN, _EDGES) for back in ("field", "paper", "card")),
    *(Pair("action", back, SIGN, _EDGES) for back in ("field", "mist")),
)


@lru_cache(maxsize=4096)  # a search asks for the same ones again and again
def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, from 0 for black to 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 for the same colour to 21 for black and white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def light(colour: str, ground: str) -> dict[str, str]:
    """The colours by day and on paper. An empty one is the portal's own."""
    palette = dict(LIGHT)
    if colour and colour != STANDARD_COLOUR:
        hover = _mixed(colour, BLACK, 0.3)
        palette |= dict.fromkeys(("action", "link", "heading", "deep"), colour)
        palette |= {"action_hover": hover, "link_hover": hover}
        palette |= {"mist": _mixed(colour, WHITE, 0.9), "mist_line": _mixed(colour, WHITE, 0.7)}
    if ground and ground != STANDARD_GROUND:
        palette |= {
            "paper": ground,
            "card": _mixed(ground, WHITE, 0.75),
            "sand": _mixed(ground, BLACK, 0.06),
            "sand_hover": _mixed(ground, BLACK, 0.12),
            "line": _mixed(ground, BLACK, 0.15),
        }
    return palette


def dark(colour: str) -> dict[str, str]:
    """The colours in the dark: the grounds are the portal's own, and the college's colour is as
    much lighter there as it must be, and darker where it is a ground itself.

    Raises ValueError for a colour that does not hold by day.
    """
    if not colour or colour == STANDARD_COLOUR:
        return dict(DARK)

    def palette(lighter: str) -> dict[str, str]:
        hover = _mixed(lighter, WHITE, 0.4)
        own = dict.fromkeys(("action", "link", "heading"), lighter)
        return DARK | own | {"action_hover": hover, "link_hover": hover, "deep": deep}

    deep = _mixed(colour, BLACK, 0.5)
    return palette(nearest(colour, lambda each: weakest(palette(each)) is None))


def weakest(palette: Mapping[str, str]) -> tuple[Pair, float] | None:
    """The pair that fails by most, words before signs, and its contrast; None where all hold."""
    measured = [(each, contrast(palette[each.front], palette[each.back])) for each in PAIRS]
    failing = [(pair, ratio) for pair, ratio in measured if ratio < pair.at_least]
    return min(failing, key=lambda each: (-each[0].at_least, each[1]), default=None)


def nearest(colour: str, holds: Callable[[str], bool]) -> str:
    """The colour itself where it holds, else the nearest darker or lighter one of the same hue.

    Raises ValueError where none does, black and white included.
    """
    for step in range(STEPS + 1):
        for end in (BLACK, WHITE):
            if holds(candidate := _mixed(colour, end, step / STEPS)):
                return candidate
    raise ValueError("No colour of this hue holds.")


def stylesheet(colour: str, ground: str) -> str:
    """The custom properties that differ from theme.css. On paper the ground stays white.

    Raises ValueError where something could not be read.
    """
    if weakest(light(colour, ground)):
        raise ValueError("These colours do not hold.")
    by_day, by_night = light(colour, ground), dark(colour)
    grounds = ("paper", "card")
    return "".join(
        (
            _rule(
                "print, (prefers-color-scheme: light)",
                {name: value for name, value in by_day.items() if name not in grounds},
                LIGHT,
            ),
            _rule(
                "screen and (prefers-color-scheme: light)",
                {name: by_day[name] for name in grounds},
                LIGHT,
            ),
            _rule("screen and (prefers-color-scheme: dark)", by_night, DARK),
        )
    )


def _rule(media: str, palette: Mapping[str, str], standard: Mapping[str, str]) -> str:
    own = {name: value for name, value in palette.items() if value != standard[name]}
    # Bootstrap makes links of their three parts.
    own |= {
        f"{name}_rgb": ", ".join(str(part) for part in _parts(own[name]))
        for name in ("link", "link_hover")
        if name in own
    }
    if not own:
        return ""
    lines = "".join(f"    --{name.replace('_', '-')}: {own[name]};\n" for name in own)
    return f"@media {media} {{\n  :root {{\n{lines}  }}\n}}\n"


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _mixed(colour: str, end: str, share: float) -> str:
    """With this share of black or white in it: darker or lighter, of the same hue."""
    parts = zip(_parts(colour), _parts(end), strict=True)
    return "#" + bytes(round(own + (to - own) * share) for own, to in parts).hex()
