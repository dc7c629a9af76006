"""What a college may ask beside what it needs: the municipality, and whether news is welcome."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import College
from enrolment.models import Student
from enrolment.models.students import OTHER_MUNICIPALITY

WANTS_NEWS = _("I would like to hear from you when there are new courses")


@dataclass(frozen=True)
class OptionalQuestions:
    """What is asked; nothing, where nothing is said."""

    municipalities: tuple[str, ...] = ()
    offers_news: bool = False

    @classmethod
    def of(cls, college: College | None) -> "OptionalQuestions":
        """What the college has chosen to ask."""
        if college is None:
            return cls()
        return cls(tuple(college.municipality_lines), bool(college.offers_news))

    def names(self, *, about: Student | None = None) -> list[str]:
        """The fields that are shown: what is asked, and what is known `about` somebody anyway."""
        shown = {
            "municipality": self.municipalities or (about is not None and about.municipality),
            "wants_news": self.offers_news or (about is not None and about.wants_news),
        }
        return [name for name, is_shown in shown.items() if is_shown]

    def put_to(self, form: forms.BaseForm, *, about: Student | None = None) -> None:
        """Take out of the form what is not shown, and let the municipality be chosen."""
        shown = self.names(about=about)
        for name in {"municipality", "wants_news"} - {*shown}:
            form.fields.pop(name, None)
        if "municipality" in shown:
            field: Any = form.fields["municipality"]
            field.choices = self._choices(about.municipality if about is not None else "")

    def _choices(self, known: str) -> list[tuple[str, str]]:
        names = [*self.municipalities]
        if known and known not in (*names, OTHER_MUNICIPALITY):
            names.append(known)  # of before the college changed its list
        return [
            ("", gettext("Would rather not say")),
            *((name, name) for name in names),
            (OTHER_MUNICIPALITY, in_words(OTHER_MUNICIPALITY)),
        ]


NOTHING_ASKED = OptionalQuestions()


def in_words(municipality: str) -> str:
    """As it is shown: the name, or that it is another one."""
    return gettext("Another municipality") if municipality == OTHER_MUNICIPALITY else municipality
