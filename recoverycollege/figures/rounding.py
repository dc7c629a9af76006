"""What owners and everybody else are shown of numbers of people: rounded, and small groups hidden.

A group is the people of one run. Of each group only its band is used: nobody, one to five, six to
twelve, and from there on five numbers each. Every total and every breakdown is made of the bands of
its runs, never of the numbers themselves: whatever is subtracted from whatever, a group of one to
five stays any of one to five. Unique people, who are no sum, are counted among the larger groups
alone, so that their number says nothing of a small one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

HIDDEN_BELOW = 6
BASE = 5
# The lowest number that is shown stands for everything from the limit to the next step.
LOWEST_SHOWN = 10
LOWEST_BAND = (HIDDEN_BELOW, LOWEST_SHOWN + BASE // 2)
HOURS_BASE = 10


@dataclass(frozen=True)
class FewerThan:
    """A number that is not told, only that it is smaller than this."""

    number: int


@dataclass(frozen=True)
class NearlyAll:
    """So many that the rest would be a small group."""


# None is shown as a dash: there is nothing to count, or it may not be shown.
Value = float | int | FewerThan | NearlyAll | None


@dataclass(frozen=True)
class Band:
    """What is used of a number: the least and the most it may be, and what stands for it."""

    least: int
    most: int
    middle: float


def band(number: int) -> Band:
    if number == 0:
        return Band(0, 0, 0)
    if number < HIDDEN_BELOW:
        return Band(1, HIDDEN_BELOW - 1, HIDDEN_BELOW / 2)
    if number <= LOWEST_BAND[1]:
        return Band(*LOWEST_BAND, sum(LOWEST_BAND) / 2)
    middle = nearest(number, BASE)
    return Band(middle - BASE // 2, middle + BASE // 2, middle)


def nearest(number: float, base: int) -> int:
    """The nearest multiple, the higher one where two are as near."""
    return int((number + base / 2) // base) * base


def shown_sum(bands: Iterable[Band]) -> Value:
    """What is shown of a sum of groups: a function of their bands alone.

    «Fewer than» where it may be under the limit: of one small group, fewer than six; of two
    together, fewer than eleven.
    """
    found = list(bands)
    most = sum(each.most for each in found)
    if most == 0:
        return 0
    if sum(each.least for each in found) < HIDDEN_BELOW:
        return FewerThan(most + 1)
    return max(nearest(sum(each.middle for each in found), BASE), LOWEST_SHOWN)


def shown(number: int) -> Value:
    """What is shown of one group, nobody included among the few."""
    return shown_sum([band(number)]) if number else FewerThan(HIDDEN_BELOW)


def shown_part(part: int, whole: int) -> Value:
    """What is shown of those in a group who are something that the others are not.

    Neither they nor the others may be told where they are few; of a group in which one of the two
    always would be, nothing is shown.
    """
    if whole < 2 * HIDDEN_BELOW:
        return None
    return NearlyAll() if whole - part < HIDDEN_BELOW else shown(part)


def can_be_shown_beside(parts: Iterable[int], whole: int) -> bool:
    """Whether parts of a whole leave open how many of it are in no part, and in each small one.

    Also for whoever knows the whole exactly.
    """
    return band(whole).least - sum(band(each).least for each in parts) >= 2


def to_json(value: Value) -> Any:
    if isinstance(value, FewerThan):
        return {"fewer_than": value.number}
    return {"nearly_all": True} if isinstance(value, NearlyAll) else value


def from_json(value: Any) -> Value:
    if isinstance(value, dict):
        return FewerThan(value["fewer_than"]) if "fewer_than" in value else NearlyAll()
    found: Value = value
    return found


def share(part: float, whole: float) -> int | None:
    """In per cent, rounded down, so that 100 means all of them; None of nothing."""
    return int(100 * part // whole) if whole else None


def total(numbers: Sequence[float]) -> float:
    """A sum of hours without the tail that halves of hours leave."""
    return round(sum(numbers), 2)
