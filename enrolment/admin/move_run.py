"""A whole run moved: how, then what goes where and who is told, and then it is done."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.admin.fields import time_input
from courses.models import CourseRun
from courses.norwegian.formatting import clock_range, day, moment_in_full
from enrolment import services
from enrolment.admin.asking import CORRECT, SILENT, TELL, announcement_of
from enrolment.admin.plan_warnings import clashes_in_words
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import (
    back_to,
    find_run,
    letters_written,
    page,
    tell_who_is_rung_now,
    tell_who_moved_up,
    why_not,
)

SHOWN = "shown"  # by its fingerprint, what the preview said would be moved

# Days in each, by what is chosen.
STEPS = {"weeks_later": 7, "weeks_earlier": -7, "days_later": 1, "days_earlier": -1}


class MoveForm(forms.Form):
    number = forms.IntegerField(
        label=_("number of weeks or days"),
        required=False,
        min_value=1,
        max_value=400,
        help_text=_("Empty: each session stays in its week."),
    )
    step = forms.ChoiceField(
        label=_("weeks or days, later or earlier"),
        required=False,
        choices=[
            ("weeks_later", _("weeks later")),
            ("weeks_earlier", _("weeks earlier")),
            ("days_later", _("days later")),
            ("days_earlier", _("days earlier")),
        ],
    )
    weekday = forms.TypedChoiceField(
        label=_("weekday"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("as it is")),
            *((number + 1, name) for number, name in WEEKDAYS.items()),
        ],
    )
    begins = forms.TimeField(
        label=_("from"),
        required=False,
        widget=time_input(),
        help_text=_("Empty: at the same time as now."),
    )
    finishes = forms.TimeField(
        label=_("to"),
        required=False,
        widget=time_input(),
        help_text=_("Empty: each session lasts as long as now."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned["number"] and all(
            cleaned[name] is None for name in ("weekday", "begins", "finishes")
        ):
            raise ValidationError(gettext("Write how the run is to be moved."))
        if cleaned["number"] and not cleaned["step"]:
            self.add_error("step", gettext("Choose weeks or days, later or earlier."))
        elif cleaned["number"] and cleaned["step"].startswith("days") and cleaned["weekday"]:
            self.add_error("weekday", gettext("Choose either a number of days or a weekday."))
        return cleaned

    @property
    def move(self) -> services.Move:
        """What is asked for. The form must be valid."""
        answers = self.cleaned_data
        return services.Move(
            days=(answers["number"] or 0) * STEPS.get(answers["step"], 0),
            weekday=answers["weekday"],
            begins=answers["begins"],
            finishes=answers["finishes"],
        )


class Line(NamedTuple):
    """One session, or one moment of sign-up, before and after; the template unpacks it."""

    what: str  # empty for a session
    before: str
    after: str
    odd: str  # what may be a slip of the pen


@permission_required("courses.change_courserun", raise_exception=True)
def move(request: HttpRequest, run_id: int) -> HttpResponse:
    """The form; then, on one page, what goes where and whether people are told; then it is done."""
    run = find_run(run_id)
    if reason := why_not(services.check_can_be_moved, run):
        messages.warning(request, reason)
        return back_to(run)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or CORRECT in request.POST or not form.is_valid():
        return _form_page(request, run, form)
    if SHOWN in request.POST:
        try:
            saved = services.move_run(
                run=run,
                move=form.move,
                shown=request.POST[SHOWN],
                announcement=announcement_of(request),
                by=request.user,
            )
        except services.ChangeNeedsTelling:
            pass  # somebody has signed up since the page was shown: it asks now
        except services.PlanChanged as refusal:
            messages.warning(request, " ".join(refusal_messages(refusal)))
            run = find_run(run_id)
        except Exception as refusal:
            return _refused(request, run, form, refusal)
        else:
            messages.success(request, gettext("The run is moved."))
            if saved.told:
                messages.success(request, letters_written(saved.told))
                tell_who_is_rung_now(request, saved.run)
            tell_who_moved_up(request, saved.run, saved.at)
            return back_to(run)
    try:
        plan = services.plan_move(run=run, move=form.move)
    except Exception as refusal:
        return _refused(request, run, form, refusal)
    return _preview(request, plan, form)


def _form_page(request: HttpRequest, run: CourseRun, form: MoveForm) -> HttpResponse:
    return page(
        request,
        "admin/form.html",
        gettext("Move the whole run"),
        subtitle=str(run),
        form=form,
        sentences=[
            gettext(
                "Sessions that have begun or are cancelled stay where they are. The time of day is "
                "the same in summer and in winter."
            ),
            gettext("Next you see each session before and after. Nothing is saved until then."),
        ],
        button=gettext("Show what would be moved"),
        back_url=reverse("admin:courses_courserun_change", args=[run.pk]),
    )


def _refused(
    request: HttpRequest, run: CourseRun, form: MoveForm, refusal: Exception
) -> HttpResponse:
    """The form again, with the words of the refusal. Whatever else went wrong goes on."""
    words = refusal_messages(refusal)
    if not words:
        raise refusal
    for sentence in words:
        form.add_error(None, sentence)
    return _form_page(request, run, form)


def _preview(request: HttpRequest, plan: services.PlannedMove, form: MoveForm) -> HttpResponse:
    run = plan.run
    told = services.telling(run) if run.is_published else None
    asks = bool(told and told.total)
    return page(
        request,
        "admin/move_run.html",
        gettext("Move the run like this?"),
        subtitle=str(run),
        lines=_session_lines(plan),
        staying=[(_when(each.starts_at, each.ends_at), each.is_cancelled) for each in plan.staying],
        moments=[_moment_line(each) for each in plan.moments],
        moments_rule=_moments_rule(plan, form.move),
        odd=_odd(plan),
        sentences=told.sentences() if told and asks else [],
        nobody=gettext("Nobody has signed up, so nobody needs to be told."),
        hidden=[(name, request.POST.get(name, "")) for name in form.fields]
        + [(SHOWN, plan.fingerprint)],
        # Where nobody counts on the run, nothing is said of telling: should somebody sign up in
        # this moment, the verb asks.
        button=gettext("Move and tell them") if asks else gettext("Move the run"),
        button_name=TELL if asks else "",
        more_buttons=[
            *([(SILENT, gettext("Move without telling anybody"))] if asks else []),
            (CORRECT, gettext("Go back and correct")),
        ],
        back_url=reverse("admin:courses_courserun_change", args=[run.pk]),
    )


def _session_lines(plan: services.PlannedMove) -> list[Line]:
    """Each session before and after, with what may be odd about its new day. One query."""
    days_off = course_services.days_off([each.starts_at for each in plan.sessions])
    return [
        _session_line(each, plan.run, days_off.get(timezone.localdate(each.starts_at), []))
        for each in plan.sessions
    ]


def _session_line(moved: services.MovedSession, run: CourseRun, days_off: list[str]) -> Line:
    odd = [capfirst(each) for each in days_off]
    if not run.semester.starts_on <= timezone.localdate(moved.starts_at) <= run.semester.ends_on:
        odd.append(gettext("outside %(semester)s") % {"semester": run.semester.name})
    return Line(
        what="",
        before=_when(moved.session.starts_at, moved.session.ends_at),
        after=_when(moved.starts_at, moved.ends_at),
        odd=", ".join(odd),
    )


def _when(starts_at: datetime, ends_at: datetime) -> str:
    return f"{capfirst(day(starts_at))}, {clock_range(starts_at, ends_at)}"


def _moment_line(moment: services.MovedMoment) -> Line:
    names = {field.name: field.verbose_name for field in CourseRun._meta.fields}
    return Line(
        what=capfirst(str(names[moment.name])),
        before=moment_in_full(moment.before),
        after=moment_in_full(moment.after) if moment.after != moment.before else "",
        odd="",
    )


def _moments_rule(plan: services.PlannedMove, move: services.Move) -> str:
    """What becomes of the moments of sign-up that were set; empty where none is left."""
    if not plan.moments:
        return ""
    if not move.days:
        return gettext("The dates of sign-up stay: only a number of weeks or days moves them.")
    if any(each.after == each.before for each in plan.moments):
        return gettext(
            "The dates of sign-up that have not passed move along. What would come to lie in the "
            "past stays."
        )
    return gettext("The dates of sign-up that have not passed move along.")


def _odd(plan: services.PlannedMove) -> list[str]:
    """What may be a slip of the pen, of the run as a whole. Nothing is refused for it."""
    said = clashes_in_words(_planned(plan), besides=plan.run)
    moved = {each.name: each.after for each in plan.moments}
    opens_at = moved.get("enrolment_opens_at", plan.run.opens_at)
    has_begun = plan.first_starts_at <= timezone.now()
    if not plan.run.has_sign_up or has_begun or opens_at < plan.first_starts_at:
        return said
    return [
        *said,
        gettext(
            "Sign-up opens on %(day)s, when the first session has begun: nobody can sign up before "
            "it."
        )
        % {"day": day(opens_at)},
    ]


def _planned(plan: services.PlannedMove) -> list[course_services.Planned]:
    """The sessions where they would be, with whoever is in front of them."""
    return [
        course_services.Planned(
            each.starts_at, each.ends_at, each.session.place, each.session.tutors_in_front
        )
        for each in plan.sessions
    ]


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:run_id>/move/", site.admin_view(move), name="run_move")]
