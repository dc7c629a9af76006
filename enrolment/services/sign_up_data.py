"""What somebody signs up with, and what they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from courses.models import NoticeVersion
from enrolment.models import Enrolment, Student


class Outcome(StrEnum):
    """What the screen says. The queue and its numbers are told by letter only."""

    PLACE = "place"
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


class WhenOneLeft(StrEnum):
    """What two people want when one place is free."""

    ASK = "ask"
    ALONE = "alone"
    WAIT = "wait"

    @classmethod
    def read(cls, answers: Mapping[str, str]) -> "WhenOneLeft":
        """What was chosen on a page; ASK where nothing was."""
        chosen = answers.get("when_one_left", "")
        return cls(chosen) if chosen in list(cls) else cls.ASK


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who signs up, as they wrote it. `phone` is E.164 or empty."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "nb"
    channel: str = ""
    postal_address: str = ""
    municipality: str = ""
    wants_news: bool = False

    @property
    def best_channel(self) -> str:
        """As they chose; else by e-mail where they wrote one, and by telephone where not."""
        if self.channel:
            return self.channel
        return Student.Channel.EMAIL if self.email else Student.Channel.PHONE


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What else belongs to a sign-up, as `enrol` takes it."""

    places: int
    when_one_left: WhenOneLeft
    adjustment: str
    notice: NoticeVersion | None
    notice_shown_at: datetime | None
    has_consented: bool
    by: Any | None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The outcome to show, and the row behind it. Only staff screens may show the row."""

    outcome: Outcome
    enrolment: Enrolment
