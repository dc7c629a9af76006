"""Sessions from a pattern: the rhythm, then each day with what is odd about it, then they are."""

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.admin.fields import DayField, time_input, validate_year
from courses.models import CourseRun, Semester
from courses.norwegian.formatting import clock_range, day
from courses.services import LAST, Pattern, Planned, Rhythm
from enrolment import services
from enrolment.admin.asking import CORRECT, announcement_of, question
from enrolment.admin.plan_warnings import Oddities
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import RunPage, back_to, find_run, page, say_what_was_saved

SHOWN = "shown"  # sent by the page that shows the days
CHOSEN = "day"  # those that are ticked on it
CHOSEN_DATES = "chosen"  # no rhythm: the days are written


class PatternForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("how often"),
        choices=[*Rhythm.choices, (CHOSEN_DATES, _("on days that I write myself"))],
    )
    first_day = DayField(label=_("first day"), required=False)
    begins = forms.TimeField(label=_("from"), widget=time_input())
    finishes = forms.TimeField(
        label=_("to"),
        widget=time_input(),
        help_text=_("Earlier than it begins: the next day. The same in summer and in winter."),
    )
    number = forms.IntegerField(
        label=_("number of sessions"),
        required=False,
        min_value=1,
        help_text=_("Either this or the last day."),
    )
    until = DayField(label=_("last day"), required=False)
    nth = forms.TypedChoiceField(
        label=_("every month: which in the month"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("as the first day")),
            (1, _("the first")),
            (2, _("the second")),
            (3, _("the third")),
            (4, _("the fourth")),
            (LAST, _("the last")),
        ],
    )
    weekday = forms.TypedChoiceField(
        label=_("every month: which weekday"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("as the first day")), *WEEKDAYS.items()],
    )
    dates = forms.CharField(
        label=_("days that I write myself"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Such as 14.9.2027, 12.10.2027. Without a year: the first such day after the semester "
            "begins."
        ),
    )

    def __init__(self, *args: Any, semester: Semester, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.semester = semester
        self.days: list[date] = []

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["rhythm"] == CHOSEN_DATES:
            self._read_dates(cleaned["dates"])
        elif self._is_complete(cleaned):
            self._follow(cleaned)
        for each in self.days:
            try:
                course_services.session_times(each, cleaned["begins"], cleaned["finishes"])
            except ValidationError as fault:
                self.add_error("finishes", fault)
                break
        return cleaned

    def _is_complete(self, cleaned: dict[str, Any]) -> bool:
        if not cleaned["first_day"]:
            self.add_error("first_day", gettext("Write the day of the first session."))
        elif cleaned["number"] and cleaned["until"]:
            self.add_error(
                "until", gettext("Write how many sessions there are, or the last day: not both.")
            )
        elif not cleaned["number"] and not cleaned["until"]:
            self.add_error("number", gettext("Write how many sessions there are, or the last day."))
        elif cleaned["until"] and cleaned["until"] < cleaned["first_day"]:
            self.add_error("until", gettext("The last day must not be before the first."))
        return not self.errors

    def _follow(self, cleaned: dict[str, Any]) -> None:
        pattern = Pattern(
            rhythm=Rhythm(cleaned["rhythm"]),
            first_day=cleaned["first_day"],
            number=cleaned["number"],
            until=cleaned["until"],
            nth=cleaned["nth"],
            weekday=cleaned["weekday"],
        )
        try:
            self.days = pattern.days()
        except ValidationError as fault:
            self.add_error("number" if cleaned["number"] else "until", fault)

    def _read_dates(self, written: str) -> None:
        words = [each.strip(" .") for each in re.split(r"[\n,;]", written)]
        try:
            days = {read_day(each, self.semester) for each in words if each}
            course_services.check_not_too_many(len(days))
        except ValidationError as fault:
            self.add_error("dates", fault)
            return
        if not days:
            self.add_error("dates", gettext("Write the days, such as 14.9.2027, 12.10.2027."))
        self.days = sorted(days)


def read_day(words: str, semester: Semester) -> date:
    """«14.9.2027» or «2027-09-14»; «14.9» is the first such day from the semester's start on.

    Raises ValidationError, in words.
    """
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
            day_read = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{2,4}))?", words):
            day_read = _with_year(int(found[1]), int(found[2]), found[3], semester)
        else:
            raise ValueError
    except ValueError:
        raise ValidationError(
            gettext("«%(words)s» is no date. Write it as 14.9.2027.") % {"words": words}
        ) from None
    validate_year(day_read)
    return day_read


def _with_year(on: int, month: int, year: str | None, semester: Semester) -> date:
    if year is not None:
        return date(int(year), month, on)
    starts_on = semester.starts_on
    is_over = (month, on) < (starts_on.month, starts_on.day)
    return date(starts_on.year + is_over, month, on)


class Line(NamedTuple):
    """One day as the page shows it; the template unpacks it."""

    value: str  # empty where the programme has it already
    when: str
    odd: list[str]
    is_ticked: bool


@permission_required("courses.add_coursesession", raise_exception=True)
def pattern(request: HttpRequest, run_id: int) -> HttpResponse:
    """The form; then each day, to be unticked; then they are saved as a run always is."""
    run = find_run(run_id)
    if run.is_cancelled:
        messages.warning(request, " ".join(refusal_messages(services.RunCancelled())))
        return back_to(run, RunPage.PROGRAMME)
    is_sent = request.method == "POST"
    form = PatternForm(
        request.POST if is_sent else None, semester=run.semester, initial=_suggested(run)
    )
    if not is_sent or CORRECT in request.POST or not form.is_valid():
        return _form_page(request, run, form)
    new = _new(run, form)
    if not new:
        messages.info(request, gettext("All these sessions are in the programme already."))
        return back_to(run, RunPage.PROGRAMME)
    if SHOWN not in request.POST:
        return _preview(request, run, form, ticked=None)
    ticked = set(request.POST.getlist(CHOSEN))
    sessions = [
        services.SessionEdit(fields={"starts_at": each.starts_at, "ends_at": each.ends_at})
        for on, each in new
        if on.isoformat() in ticked
    ]
    if not sessions:
        messages.warning(request, gettext("Tick at least one session."))
        return _preview(request, run, form, ticked=ticked)
    try:
        saved = services.save_run(
            run=run,
            edit=services.RunEdit(sessions=sessions),
            announcement=announcement_of(request),
            by=request.user,
        )
    except services.ChangeNeedsTelling as change:
        silently = gettext("Add them without telling anybody")
        return question(request, run, change, silently=silently, back_url=RunPage.PROGRAMME.of(run))
    except Exception as refusal:
        words = refusal_messages(refusal)
        if not words:
            raise
        for sentence in words:
            form.add_error(None, sentence)
        return _form_page(request, run, form)
    messages.success(
        request,
        ngettext("%(count)s session added.", "%(count)s sessions added.", len(sessions))
        % {"count": len(sessions)},
    )
    say_what_was_saved(request, saved)
    return back_to(run, RunPage.PROGRAMME)


def _suggested(run: CourseRun) -> dict[str, Any]:
    """On from the last session there is, at the same time of day."""
    if not run.session_list:
        return {}
    last = run.session_list[-1]
    begins, finishes = timezone.localtime(last.starts_at), timezone.localtime(last.ends_at)
    return {
        "first_day": begins.date() + timedelta(weeks=1),
        "begins": begins.time(),
        "finishes": finishes.time(),
    }


def _planned(run: CourseRun, form: PatternForm) -> list[tuple[date, Planned]]:
    begins, finishes = form.cleaned_data["begins"], form.cleaned_data["finishes"]
    tutors = run.tutors_as_equals
    return [
        (on, Planned(*course_services.session_times(on, begins, finishes), run.venue, tutors))
        for on in form.days
    ]


def _new(run: CourseRun, form: PatternForm) -> list[tuple[date, Planned]]:
    """Those that the programme does not have yet."""
    there = {each.starts_at for each in run.session_list}
    return [(on, each) for on, each in _planned(run, form) if each.starts_at not in there]


def _form_page(request: HttpRequest, run: CourseRun, form: PatternForm) -> HttpResponse:
    return page(
        request,
        "admin/form.html",
        gettext("Sessions from a pattern"),
        subtitle=str(run),
        form=form,
        sentences=[gettext("Next you see each day. Nothing is saved until then.")],
        button=gettext("Show the days"),
        back_url=RunPage.PROGRAMME.of(run),
    )


def _preview(
    request: HttpRequest, run: CourseRun, form: PatternForm, *, ticked: set[str] | None
) -> HttpResponse:
    planned = _planned(run, form)
    new = {on for on, _each in _new(run, form)}
    oddities = Oddities([each for _on, each in planned], besides=run)
    lines = [
        Line(
            value=on.isoformat() if on in new else "",
            when=_when(each.starts_at, each.ends_at),
            odd=[*oddities.of(each, semester=run.semester), *_overlap(run, each)]
            if on in new
            else [gettext("in the programme already")],
            is_ticked=ticked is None or on.isoformat() in ticked,
        )
        for on, each in planned
    ]
    return page(
        request,
        "admin/session_pattern.html",
        gettext("Add these sessions?"),
        subtitle=str(run),
        lines=lines,
        hidden=[(name, request.POST.get(name, "")) for name in form.fields] + [(SHOWN, "1")],
        sentences=[gettext("Untick the days on which there is no session. Nothing is saved yet.")],
        button=gettext("Add the sessions"),
        more_buttons=[(CORRECT, gettext("Go back and correct"))],
        back_url=RunPage.PROGRAMME.of(run),
    )


def _overlap(run: CourseRun, planned: Planned) -> list[str]:
    if any(
        each.starts_at < planned.ends_at and planned.starts_at < each.ends_at
        for each in run.session_list
    ):
        return [gettext("overlaps with another session of this run")]
    return []


def _when(starts_at: datetime, ends_at: datetime) -> str:
    return f"{capfirst(day(starts_at))}, {clock_range(starts_at, ends_at)}"


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:run_id>/pattern/", site.admin_view(pattern), name="run_pattern")]
