"""A semester's runs held again in another: which of them, on which days, then the drafts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.catalogue import join_names
from courses.models import College, CourseRun, Semester
from courses.norwegian.formatting import clock_range, day, short_day
from courses.services import Copy, PlannedCopy, WeekOf
from enrolment.admin.plan_warnings import Oddities
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import already_there, home, is_key, known_runs, page

MAKE = "_make"  # the button by which the drafts are made; the other shows the days anew


class SemestersForm(forms.Form):
    source = forms.ModelChoiceField(Semester.objects.none(), label=_("copy from"), required=False)
    target = forms.ModelChoiceField(Semester.objects.none(), label=_("into"), required=False)
    week_of = forms.ChoiceField(label=_("each run begins in"), choices=WeekOf.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = with_runs()  # type: ignore[attr-defined]  # a choice
        self.fields["target"].queryset = to_come()  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        source, target = cleaned.get("source"), cleaned.get("target")
        if source and target and source.starts_on >= target.starts_on:
            self.add_error("source", gettext("Choose a semester that is earlier than the other."))
        return cleaned


class ShiftForm(forms.Form):
    """By how much a run, or all of them, begin later than suggested; earlier with a minus."""

    weeks = forms.IntegerField(label=_("weeks"), required=False, min_value=-60, max_value=60)
    days = forms.IntegerField(label=_("days"), required=False, min_value=-60, max_value=60)

    @property
    def shift(self) -> timedelta:
        """None at all where something else than a number is written."""
        answers = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return timedelta(weeks=answers.get("weeks") or 0, days=answers.get("days") or 0)


@dataclass
class Row:
    """One run of the earlier semester, and what would become of it."""

    copy: Copy  # `shown` is what the page that was sent has shown of it
    plan: PlannedCopy
    form: ShiftForm
    repeated_by: CourseRun | None
    is_chosen: bool
    came_meanwhile: bool  # `repeated_by`, since the page that was sent was opened
    lacks: list[str]  # in sentences
    # Day by day, with what is odd about it.
    lines: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def run(self) -> CourseRun:
        return self.copy.run

    @property
    def before(self) -> str:
        return _in_words(self.run)

    @property
    def after(self) -> str:
        return _in_words(self.plan.run)

    @property
    def odd_lines(self) -> list[tuple[str, list[str]]]:
        return [(when, odd) for when, odd in self.lines if odd]

    @property
    def repeated_by_url(self) -> str:
        return home(self.repeated_by) if self.repeated_by else ""


@permission_required("courses.add_courserun", raise_exception=True)
def copy_semester(request: HttpRequest) -> HttpResponse:
    """One page: the semesters, their runs with the days they would get, and the button."""
    semesters = SemestersForm(_asked(request.GET))
    is_complete = semesters.is_valid() and all(semesters.cleaned_data.values())
    if not is_complete:
        return _show(request, semesters)
    answers = request.POST if request.method == "POST" else None
    all_runs = ShiftForm(answers, prefix="all")
    known = known_runs(request)
    rows = _rows(**semesters.cleaned_data, all_runs=all_runs, answers=answers, known=known)
    if answers is not None and MAKE in answers and _can_be_made(request, all_runs, rows):
        target = semesters.cleaned_data["target"]
        chosen = [each for each in rows if each.is_chosen]
        try:
            made = course_services.copy_runs(
                semester=target, copies=[each.copy for each in chosen], known=known
            )
        except course_services.CopiesChanged:
            rows = _rows(**semesters.cleaned_data, all_runs=all_runs, answers=answers, known=known)
            keys = {each.run.pk for each in chosen}
            if all(each.came_meanwhile for each in rows if each.run.pk in keys):
                messages.info(request, already_there(target))
                return _to_drafts(target)
            messages.warning(
                request,
                gettext(
                    "Nothing is made yet: meanwhile a colleague has made a run of one of these "
                    "courses, or changed what is copied. Here is how it is now."
                ),
            )
        except Exception as refusal:
            words = refusal_messages(refusal)
            if not words:
                raise
            for sentence in words:
                messages.warning(request, sentence)
        else:
            messages.success(request, _made_in_words(len(made), target))
            return _to_drafts(target)
    return _show(request, semesters, all_runs=all_runs, rows=rows)


def _can_be_made(request: HttpRequest, all_runs: ShiftForm, rows: Sequence[Row]) -> bool:
    """Whether everything is as it was shown, and can be read; else say what to do."""
    if not all(each.is_valid() for each in (all_runs, *(row.form for row in rows))):
        return False
    chosen = [each for each in rows if each.is_chosen]
    if not chosen:
        messages.warning(request, gettext("Nothing is made yet: tick at least one run."))
        return False
    if any(each.copy.shown != each.plan.fingerprint for each in chosen):
        messages.warning(
            request,
            gettext(
                "Nothing is made yet: the days are others than those you saw. Here they are. If "
                "they are as you mean it, make the drafts."
            ),
        )
        return False
    return True


def _rows(
    *,
    source: Semester,
    target: Semester,
    week_of: str,
    all_runs: ShiftForm,
    answers: QueryDict | None,
    known: Collection[int],
) -> list[Row]:
    """A row for each run of the semester, as its page was answered, or as it is at first.

    The number of queries does not grow with the runs.
    """
    runs = source.runs.with_programme().prefetch_related("course__coursedeveloper_set").by_start()
    repeated = course_services.repeating_runs(runs, target)
    # Made meanwhile although it was there before: somebody has held it again once more.
    others = target.runs.exclude(pk__in=[*known, *(each.pk for each in repeated.values())])
    once_more = set(others.values_list("course", flat=True)) if answers is not None else set()
    college = College.objects.first()
    rows = []
    for run in runs:
        form = ShiftForm(answers, prefix=f"run-{run.pk}")
        suggested = course_services.suggested_first_day(run, target, WeekOf(week_of))
        first_day = suggested + all_runs.shift + form.shift
        plan = course_services.plan_copy(run=run, semester=target, first_day=first_day)
        new = repeated.get(run.pk)
        came_meanwhile = (
            new is not None
            and answers is not None
            and (new.pk not in known or run.course_id in once_more)
        )
        if answers is None:
            is_chosen = run.is_published and new is None
        else:
            is_chosen = f"run-{run.pk}-chosen" in answers
        shown = answers.get(f"run-{run.pk}-shown", "") if answers is not None else ""
        lacks = course_services.missing_for_publication(plan.run, college=college)
        rows.append(
            Row(
                copy=Copy(run, first_day, shown),
                plan=plan,
                form=form,
                repeated_by=new,
                is_chosen=is_chosen,
                came_meanwhile=came_meanwhile,
                lacks=[*_left_out(plan), *(each.sentence for each in lacks)],
            )
        )
    return rows


def _add_lines(rows: Sequence[Row], target: Semester) -> None:
    """Write beside each day what is odd about it. Four queries."""
    planned = [row.plan.planned for row in rows]
    oddities = Oddities([each for sessions in planned for each in sessions])
    for row, sessions in zip(rows, planned, strict=True):
        others = [
            each
            for other in rows
            if other is not row and other.is_chosen
            for each in other.plan.run.session_list
        ]
        # What has been made already is in its own way, and need not be looked at.
        is_quiet = row.repeated_by is not None and not row.is_chosen
        row.lines = [
            (
                f"{capfirst(day(each.starts_at))}, {clock_range(each.starts_at, each.ends_at)}",
                [] if is_quiet else oddities.of(each, semester=target, others=others),
            )
            for each in sessions
        ]


def _left_out(plan: PlannedCopy) -> list[str]:
    if not plan.left_out:
        return []
    names = join_names([each.name for each in plan.left_out])
    return [gettext("Teaches no more, and is left out: %(names)s.") % {"names": names}]


def _show(
    request: HttpRequest,
    semesters: SemestersForm,
    *,
    all_runs: ShiftForm | None = None,
    rows: Sequence[Row] = (),
) -> HttpResponse:
    asked = semesters.cleaned_data if semesters.is_valid() else {}
    source, target = asked.get("source"), asked.get("target")
    for row in rows:
        # Made already, by whomever: nobody means to make it twice without ticking it anew.
        row.is_chosen = row.is_chosen and not row.came_meanwhile
    if rows and target:
        _add_lines(rows, target)
    there = target.runs.order_by("pk").values_list("pk", flat=True) if rows and target else []
    address = {name: row.pk for name, row in (("source", source), ("target", target)) if row}
    return page(
        request,
        "admin/copy_semester.html",
        gettext("Copy a semester"),
        semesters=semesters,
        source=source,
        target=target,
        rows=rows,
        forms_with_faults=[
            form for form in (all_runs, *(row.form for row in rows)) if form and form.errors
        ],
        all_runs=all_runs,
        sentences=_sentences(rows),
        known=" ".join(str(pk) for pk in there),
        action=f"?{urlencode({**address, 'week_of': asked.get('week_of', '')})}",
        missing=_missing_semester(),
        has_nothing_to_copy=not with_runs().exists(),
    )


def _sentences(rows: Sequence[Row]) -> list[str]:
    """How many are ticked, and how many of their days are odd."""
    if not rows:
        return []
    chosen = [each for each in rows if each.is_chosen]
    odd = sum(len(each.odd_lines) for each in chosen)
    said = [
        ngettext(
            "%(chosen)s of %(count)s run is ticked.",
            "%(chosen)s of %(count)s runs are ticked.",
            len(rows),
        )
        % {"chosen": len(chosen), "count": len(rows)}
    ]
    if odd:
        said.append(
            ngettext(
                "Look at %(count)s day: what is odd stands beside it. Nothing is refused for it.",
                "Look at %(count)s days: what is odd stands beside them. Nothing is refused for "
                "it.",
                odd,
            )
            % {"count": odd}
        )
    return said


def _in_words(run: CourseRun) -> str:
    """«8 samlinger fra torsdag 3. september til torsdag 22. oktober 2026, kl. 18.00–20.00»."""
    sessions = run.session_list
    if not sessions:
        return gettext("no sessions")
    hours = {clock_range(each.starts_at, each.ends_at) for each in sessions}
    first, last = sessions[0].starts_at, sessions[-1].starts_at
    if len(sessions) == 1:
        words = capfirst(day(first))
    else:
        words = ngettext(
            "%(count)s session from %(first)s to %(last)s",
            "%(count)s sessions from %(first)s to %(last)s",
            len(sessions),
        ) % {"count": len(sessions), "first": short_day(first), "last": day(last)}
    return f"{words}, {hours.pop()}" if len(hours) == 1 else words


def _made_in_words(number: int, semester: Semester) -> str:
    return ngettext(
        "%(count)s draft is made in %(semester)s. Check it, then publish it.",
        "%(count)s drafts are made in %(semester)s. Check them, then publish them.",
        number,
    ) % {"count": number, "semester": semester.name}


def _to_drafts(semester: Semester) -> HttpResponse:
    return redirect("admin:publish_semester", semester.pk)


# Which semesters


def with_runs() -> QuerySet[Semester]:
    return Semester.objects.filter(runs__isnull=False).distinct()


def to_come() -> QuerySet[Semester]:
    return Semester.objects.filter(ends_on__gte=timezone.localdate())


def _asked(query: QueryDict) -> dict[str, Any]:
    """What was chosen; what was not is suggested: from the same season last year into the next.

    `semester` is the one from whose page somebody came.
    """
    today = timezone.localdate()
    pk = query.get("semester", "")
    here = Semester.objects.filter(pk=pk).first() if is_key(pk) else None
    source = here if here and here.starts_on <= today else None
    target = here if here and not source else None
    after = max(today, source.starts_on) if source else today
    if target is None:
        target = Semester.objects.filter(starts_on__gt=after).order_by("starts_on").first()
    if source is None and target is not None:
        earlier = with_runs().filter(starts_on__lt=target.starts_on)
        last_year = earlier.filter(year=target.year - 1, term=target.term)
        source = last_year.first() or earlier.first()
    suggested: dict[str, Any] = {
        "source": source and source.pk,
        "target": target and target.pk,
        "week_of": WeekOf.SEMESTER,
    }
    return suggested | {name: query[name] for name in suggested if query.get(name)}


def _missing_semester() -> dict[str, str] | None:
    """The next semester, where it is not there yet: its name, and the address to add it."""
    if Semester.objects.filter(starts_on__gt=timezone.localdate()).exists():
        return None
    add = reverse("admin:courses_semester_add")
    # The page of a new semester proposes the same one.
    return {"name": str(course_services.next_semester()), "url": add}


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("copy-semester/", site.admin_view(copy_semester), name="copy_semester")]
