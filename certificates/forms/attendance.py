"""What a tutor writes down while a session is held: the register, and a headcount alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.services import Cell, Mark
from courses.models import CourseSession
from enrolment.forms.sign_up import StudentForm, clean_name
from enrolment.models import Student

MARKS = [
    (Mark.PRESENT.value, _("Here")),
    (Mark.ABSENT.value, _("Not here")),
    (Mark.UNMARKED.value, _("Not marked")),
]


class RegisterForm(StudentForm):
    """The register of one session: marks, a name to add, how many there were.

    One form, so that adding somebody never loses marks that are not saved yet. Beside each mark,
    and beside the headcount, goes what was shown: only what the tutor changed is written.
    """

    name = forms.CharField(
        label=_("Name"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    headcount = forms.IntegerField(
        label=_("How many were here?"),
        required=False,
        min_value=0,
        max_value=settings.HEADCOUNT_AT_MOST,
        error_messages={
            "invalid": _("Write a number, such as 12."),
            "min_value": _("Write 0 or more."),
            "max_value": _("Write %(limit_value)s or less."),
        },
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    shown_headcount = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        session: CourseSession,
        students: Sequence[Student],
        marks: Mapping[int, Mark],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.students = students
        self.initial["headcount"] = self.initial["shown_headcount"] = session.headcount
        for student in students:
            mark = marks.get(student.pk, Mark.UNMARKED).value
            self.fields[f"mark-{student.pk}"] = forms.ChoiceField(
                label=student.name,
                choices=MARKS,
                required=False,
                initial=mark,
                widget=forms.RadioSelect,
            )
            self.fields[f"shown-{student.pk}"] = forms.ChoiceField(
                choices=MARKS, required=False, initial=mark, widget=forms.HiddenInput
            )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return clean_name(name, missing=gettext("Write the name with letters.")) if name else ""

    def rows(self) -> Iterator[tuple[Student, BoundField, BoundField]]:
        """Each student with the choice and with what was shown."""
        for student in self.students:
            yield student, self[f"mark-{student.pk}"], self[f"shown-{student.pk}"]

    def cells(self) -> dict[int, Cell]:
        """The cells that were sent, by student. Somebody added meanwhile was not on the page."""
        return {
            student.pk: Cell(
                shown=Mark(self.cleaned_data[f"shown-{student.pk}"]),
                wanted=Mark(self.cleaned_data[f"mark-{student.pk}"]),
            )
            for student in self.students
            if f"mark-{student.pk}" in self.data
        }

    @property
    def lost_marks(self) -> bool:
        """Whether the tutor marked somebody who has gone from the list meanwhile."""
        there = {str(student.pk) for student in self.students}
        sent = {name: value for name, value in self.data.items() if name.startswith("mark-")}
        return any(
            name.removeprefix("mark-") not in there
            and value != self.data.get(name.replace("mark", "shown", 1), "")
            for name, value in sent.items()
        )

    @property
    def has_new_headcount(self) -> bool:
        return bool(
            self.cleaned_data["headcount"] != self.cleaned_data["shown_headcount"]
            and "headcount" in self.data
        )


class HeadcountForm(forms.Form):
    """How many are there, as the tutor counts them before the session code works."""

    headcount = forms.IntegerField(
        label=_("How many are here?"),
        min_value=0,
        max_value=settings.HEADCOUNT_AT_MOST,
        error_messages={
            "required": _("Write a number, such as 12."),
            "invalid": _("Write a number, such as 12."),
            "min_value": _("Write 0 or more."),
            "max_value": _("Write %(limit_value)s or less."),
        },
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
