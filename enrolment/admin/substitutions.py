"""Who stands in for a tutor of a run, who takes over, and who was away: written down and told."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun, CourseSession, Substitution, Tutor
from courses.norwegian.formatting import clock_range, day
from courses.norwegian.sorting import sort_key
from courses.services import Planned
from enrolment import services
from enrolment.admin import plan_warnings
from enrolment.admin.asking import CORRECT, announcement_of, question
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import back_to, find_run, letters_written, page, tell_who_is_rung_now

NOBODY = "nobody"


class AwayForm(forms.Form):
    """Which tutor is away; the other forms say from what, and who comes."""

    away = forms.ChoiceField(label=_("who is away"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignments = {str(each.pk): each for each in run.assignment_list}
        self.tutors = {str(each.pk): each for each in Tutor.objects.filter(is_active=True)}
        assigned = sorted(self.assignments.values(), key=lambda each: sort_key(each.tutor.name))
        self._offer("away", [(str(each.pk), each.tutor.shown_name) for each in assigned])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice

    def _offer_tutors(self, *first: tuple[str, str]) -> None:
        tutors = sorted(self.tutors.items(), key=lambda each: sort_key(each[1].name))
        names = [(key, tutor.shown_name) for key, tutor in tutors]
        self._offer("tutor", [("", gettext("Choose")), *first, *names])


class StandInForm(AwayForm):
    sessions = forms.MultipleChoiceField(
        label=_("which sessions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one session.")},
    )
    tutor = forms.ChoiceField(label=_("who stands in"))

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        super().__init__(*args, run=run, **kwargs)
        self.offered = {str(each.pk): each for each in _sessions(run)}
        self._offer("sessions", [(key, _when(each)) for key, each in self.offered.items()])
        self._offer_tutors((NOBODY, gettext("Nobody stands in")))

    @property
    def planned(self) -> list[Planned]:
        """Where whoever stands in is to be. The form must be valid."""
        answers = self.cleaned_data
        if answers["tutor"] == NOBODY:
            return []
        chosen = [self.offered[key] for key in answers["sessions"]]
        return _planned(chosen, self.tutors[answers["tutor"]])

    def write(self, run: CourseRun, **how: Any) -> int:
        """Write down what was answered; how many are told. Raises what the verbs raise."""
        answers = self.cleaned_data
        named: dict[str, Any] = {
            "run": run,
            "assignment": self.assignments[answers["away"]],
            "sessions": [self.offered[key] for key in answers["sessions"]],
        }
        if answers["tutor"] == NOBODY:
            return services.record_absence(**named, **how)
        return services.stand_in(**named, tutor=self.tutors[answers["tutor"]], **how)


class HandOverForm(AwayForm):
    from_session = forms.ChoiceField(label=_("from which session on"))
    tutor = forms.ChoiceField(label=_("who takes over"))

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        super().__init__(*args, run=run, **kwargs)
        self.fields["away"].label = _("who stops")
        self.offered = {str(each.pk): each for each in _sessions(run) if not each.is_held()}
        self._offer("from_session", [(key, _when(each)) for key, each in self.offered.items()])
        self._offer_tutors()

    @property
    def planned(self) -> list[Planned]:
        """As `StandInForm.planned`."""
        answers = self.cleaned_data
        first = self.offered[answers["from_session"]]
        remaining = [each for each in self.offered.values() if each.starts_at >= first.starts_at]
        return _planned(remaining, self.tutors[answers["tutor"]])

    def write(self, run: CourseRun, **how: Any) -> int:
        """As `StandInForm.write`."""
        answers = self.cleaned_data
        return services.hand_over(
            run=run,
            assignment=self.assignments[answers["away"]],
            from_session=self.offered[answers["from_session"]],
            tutor=self.tutors[answers["tutor"]],
            **how,
        )


def _planned(sessions: Iterable[CourseSession], tutor: Tutor) -> list[Planned]:
    return [Planned(each.starts_at, each.ends_at, tutors=[tutor]) for each in sessions]


class Line(NamedTuple):
    """What is written down, in words; the template unpacks it."""

    words: str
    end_url: str  # empty where it cannot be taken back any more


@permission_required("courses.change_courserun", raise_exception=True)
def substitute(request: HttpRequest, run_id: int) -> HttpResponse:
    """Somebody stands in for a tutor in some sessions, or nobody does."""
    return _write_down(
        request,
        run_id,
        StandInForm,
        title=gettext("Who stands in?"),
        sentences=[
            gettext(
                "Of a session that is over you can write down afterwards who stood in. Once that "
                "is written, it stays."
            )
        ],
        other=(gettext("Somebody takes over for good"), "admin:run_hand_over"),
    )


@permission_required("courses.change_courserun", raise_exception=True)
def hand_over(request: HttpRequest, run_id: int) -> HttpResponse:
    """Somebody takes over from a tutor, from a session on."""
    return _write_down(
        request,
        run_id,
        HandOverForm,
        title=gettext("Who takes over?"),
        sentences=[
            gettext(
                "Whoever takes over leads the session you choose and all that follow, also those "
                "that are added later. Both are named on the certificates."
            )
        ],
        other=(gettext("Somebody stands in for single sessions"), "admin:run_substitute"),
    )


@permission_required("courses.change_courserun", raise_exception=True)
def end(request: HttpRequest, run_id: int, substitution_id: int) -> HttpResponse:
    """Take back what is written of a session to come, by a button."""
    found = Substitution.objects.select_related("session__run", "assignment")
    substitution = get_object_or_404(found, pk=substitution_id, session__run=run_id)
    run = substitution.session.run
    back = reverse("admin:run_substitute", args=[run.pk])
    if request.method == "POST" and CORRECT not in request.POST:

        def take_back() -> int:
            return services.end_substitution(
                substitution=substitution, announcement=announcement_of(request), by=request.user
            )

        try:
            _done(request, run, take_back)
        except services.ChangeNeedsTelling as change:
            return question(
                request,
                run,
                change,
                silently=gettext("Save without telling anybody"),
                back_url=back,
            )
        except Exception as refusal:
            for sentence in _words_for(refusal):
                messages.warning(request, sentence)
    return redirect(back)


def _write_down(
    request: HttpRequest,
    run_id: int,
    form_class: type[StandInForm | HandOverForm],
    *,
    title: str,
    sentences: list[str],
    other: tuple[str, str],
) -> HttpResponse:
    run = find_run(run_id)
    form = form_class(request.POST if request.method == "POST" else None, run=run)
    if not form.offered or not form.assignments:
        messages.warning(
            request, gettext("Nobody can stand in: the run has no tutors yet, or no sessions left.")
        )
        return back_to(run)
    unread: list[str] = []
    is_sent = request.method == "POST" and form.is_valid() and CORRECT not in request.POST
    if is_sent:
        unread = plan_warnings.unread(
            request, plan_warnings.clashes_in_words(form.planned, besides=run)
        )
    if is_sent and not unread:

        def write() -> int:
            how = {"announcement": announcement_of(request), "by": request.user}
            return form.write(run, **how)

        try:
            _done(request, run, write)
        except services.ChangeNeedsTelling as change:
            return question(
                request,
                run,
                change,
                silently=gettext("Save without telling anybody"),
                back_url=request.get_full_path(),
            )
        except Exception as refusal:
            for sentence in _words_for(refusal):
                form.add_error(None, sentence)
        else:
            return redirect("admin:run_substitute", run.pk)
    return page(
        request,
        "admin/substitutions.html",
        title,
        subtitle=str(run),
        form=form,
        lines=list(_lines(run)),
        sentences=sentences,
        others=[(other[0], reverse(other[1], args=[run.pk]))],
        warnings=unread,
        button=gettext("Write it down anyway") if unread else gettext("Write it down"),
        back_url=reverse("admin:courses_courserun_change", args=[run.pk]),
    )


def _done(request: HttpRequest, run: CourseRun, write: Callable[[], int]) -> None:
    """Write, and say what came of it."""
    told = write()
    messages.success(request, gettext("It is written down."))
    if told:
        messages.success(request, letters_written(told))
        tell_who_is_rung_now(request, run)


def _words_for(refusal: Exception) -> list[str]:
    """What the coordinator reads. Whatever else went wrong goes on."""
    words = refusal_messages(refusal)
    if not words:
        raise refusal
    return words


def _sessions(run: CourseRun) -> list[CourseSession]:
    """Those in which somebody may stand in: of a cancelled run, those that were held."""
    return [each for each in run.session_list if run.is_draft or each.takes_place]


def _when(session: CourseSession) -> str:
    when = f"{capfirst(day(session.starts_at))}, {clock_range(session.starts_at, session.ends_at)}"
    return gettext("%(when)s (held)") % {"when": when} if session.is_held() else when


def _lines(run: CourseRun) -> Iterator[Line]:
    """What is written down of the run's sessions, in their order; a hand-over is one line."""
    rows = Substitution.objects.filter(session__run=run)
    # Each hand-over by whom and for whom, with its rows.
    kept: dict[tuple[int, ...], list[Substitution]] = {}
    for each in rows.select_related("session", "assignment__tutor", "tutor"):
        key = (each.assignment_id, each.tutor_id or 0) if each.is_hand_over else (each.pk,)
        kept.setdefault(key, []).append(each)
    for first, *others in kept.values():
        last = others[-1] if others else first
        names = {
            "day": day(first.session.starts_at),
            "tutor": first.tutor,
            "away": first.assignment.tutor,
        }
        if first.is_hand_over:
            words = gettext("From %(day)s on %(tutor)s takes over from %(away)s.") % names
        elif first.tutor is None:
            words = gettext("%(day)s: %(away)s is away, and nobody stands in.") % names
        else:
            words = gettext("%(day)s: %(tutor)s stands in for %(away)s.") % names
        can_end = not last.session.has_started()
        end_url = reverse("admin:run_end_substitution", args=[run.pk, last.pk]) if can_end else ""
        yield Line(capfirst(words), end_url)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("<int:run_id>/substitute/", site.admin_view(substitute), name="run_substitute"),
        path("<int:run_id>/hand-over/", site.admin_view(hand_over), name="run_hand_over"),
        path(
            "<int:run_id>/substitute/<int:substitution_id>/end/",
            site.admin_view(end),
            name="run_end_substitution",
        ),
    ]
