"""Ideas for courses: one list by state, where each is moved on with one click."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.fields import SHORT_TEXTS
from courses.admin.names_in_order import in_order
from courses.admin.pages import page
from courses.admin.saving import RefusalMessagesAdmin
from courses.models import Course, Idea
from courses.norwegian.identity_numbers import validate_no_identity_number

State = Idea.State
# So many of each state are shown: the others come when these are moved on.
SHOWN = 100
LIVE = (State.NEW, State.TALKED_ABOUT, State.IN_THE_MAKING)
DONE = (State.BECAME_COURSE, State.NOT_NOW)
VOTES_AT_MOST = 999


@admin.register(Idea)
class IdeaAdmin(RefusalMessagesAdmin):
    formfield_overrides = SHORT_TEXTS
    fields = ["text", "other_words", "language", "state", "course", "is_shown", "votes"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Those that are on their way, or the state in the address. A few queries, however many."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            return _act(request)
        counted = dict(Idea.objects.order_by().values_list("state").annotate(Count("pk")))
        chosen = request.GET.get("state", "")
        states = [State(chosen)] if chosen in DONE else list(LIVE)
        ideas = (
            Idea.objects.filter(state__in=states).select_related("course").order_by("-votes", "pk")
        )
        found: dict[str, list[Idea]] = {each: [] for each in states}
        for idea in ideas:
            found[idea.state].append(idea)
        address = request.path
        live = sum(counted.get(each, 0) for each in LIVE)
        tabs = [(address, gettext("on their way"), live, chosen not in DONE)]
        tabs += [
            (f"{address}?state={each}", str(each.label), counted.get(each, 0), each == chosen)
            for each in DONE
        ]
        return page(
            request,
            "admin/ideas.html",
            gettext("Ideas"),
            tabs=tabs,
            sections=[
                (state, state.label, len(found[state]), _with_moves(found[state][:SHOWN]))
                for state in states
                if found[state]
            ],
            most=VOTES_AT_MOST,
            may_change=may_change,
            may_add=self.has_add_permission(request),
        )

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What stood on paper, one on each line."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PaperForm(request.POST or None, initial={"language": settings.LANGUAGE_CODE})
        if request.method == "POST" and form.is_valid():
            number = services.add_ideas(**form.cleaned_data)
            words = ngettext("%(number)s idea is added.", "%(number)s ideas are added.", number)
            messages.success(request, words % {"number": number})
            return redirect(_list())
        return page(
            request,
            "admin/form.html",
            gettext("Add ideas from paper"),
            subtitle=gettext("Ideas"),
            form=form,
            sentences=[gettext("Write one on each line, without the name of anybody.")],
            button=gettext("Add them"),
            back_url=_list(),
        )

    def save_model(self, request: HttpRequest, obj: Idea, form: Any, change: bool) -> None:
        services.save_idea(idea=obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<row:idea_id>/course/", view(became_course), name="idea_became_course"),
            path("merge/", view(merge), name="idea_merge"),
            path("sheet/", view(sheet), name="idea_sheet"),
            *super().get_urls(),
        ]


class PaperForm(forms.Form):
    texts = forms.CharField(
        label=_("ideas"),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write an idea.")},
    )
    language = forms.ChoiceField(label=_("language of the text"), choices=settings.LANGUAGES)
    is_shown = forms.BooleanField(
        label=_("they can be shown"),
        required=False,
        initial=True,
        help_text=_("On the page of the planning workshop, and on the sheet for the wall."),
    )

    def clean_texts(self) -> list[str]:
        texts = [line.strip() for line in self.cleaned_data["texts"].splitlines() if line.strip()]
        longest = Idea._meta.get_field("text").max_length or 0
        for each in texts:
            validate_no_identity_number(each)
            if len(each) > longest:
                raise ValidationError(
                    gettext(
                        "Write a little less on each line: there is room for %(number)s letters."
                    )
                    % {"number": longest}
                )
        return texts


def _list() -> str:
    return reverse("admin:courses_idea_changelist")


def _with_moves(ideas: Iterable[Idea]) -> list[tuple[Idea, list[tuple[str, str]]]]:
    """Each with the states that one click puts it into, by their words."""
    words = {
        State.NEW: gettext("New again"),
        State.TALKED_ABOUT: gettext("Talked about"),
        State.IN_THE_MAKING: gettext("In the making"),
        State.BECAME_COURSE: gettext("Became a course …"),
        State.NOT_NOW: gettext("Not now"),
    }
    return [
        (idea, [(state, label) for state, label in words.items() if state != idea.state])
        for idea in ideas
    ]


def _act(request: HttpRequest) -> HttpResponse:
    """Do what the button of the list says; votes that were written beside it are never lost."""
    _save_votes(request)
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal() and len(pk) < 19]
    if "move" in request.POST:
        return _move(request)
    if "merge" in request.POST:
        if len(chosen) > 1:
            ids = "&".join(f"id={pk}" for pk in chosen)
            return redirect(f"{reverse('admin:idea_merge')}?{ids}")
        messages.warning(request, gettext("Tick several ideas first."))
    elif "show" in request.POST or "hide" in request.POST:
        is_shown = "show" in request.POST
        number = services.show_ideas(ids=chosen, is_shown=is_shown)
        words = (
            ngettext("%(number)s idea can be shown.", "%(number)s ideas can be shown.", number)
            if is_shown
            else ngettext(
                "%(number)s idea is shown no more.", "%(number)s ideas are shown no more.", number
            )
        )
        messages.success(request, words % {"number": number})
    return redirect(request.get_full_path())


def _save_votes(request: HttpRequest) -> None:
    """What somebody wrote, and not what an older page showed: a colleague may be counting too."""
    votes = {}
    for name in request.POST:
        written = request.POST.get(name, "")
        pk = name.removeprefix("votes-")
        if pk == name or written == request.POST.get(f"shown-{pk}"):
            continue
        if not (pk.isdecimal() and len(pk) < 19):
            continue
        if not (written.isdecimal() and len(written) <= len(str(VOTES_AT_MOST))):
            words = gettext("Write the votes as a number, at most %(most)s.")
            messages.warning(request, words % {"most": VOTES_AT_MOST})
            continue
        votes[int(pk)] = int(written)
    number = services.count_votes(votes=votes) if votes else 0
    if number:
        words = ngettext(
            "The votes of %(number)s idea are saved.",
            "The votes of %(number)s ideas are saved.",
            number,
        )
        messages.success(request, words % {"number": number})


def _move(request: HttpRequest) -> HttpResponse:
    pk, _space, state = request.POST["move"].partition(" ")
    if not (pk.isdecimal() and len(pk) < 19) or state not in State.values:
        raise Http404
    if state == State.BECAME_COURSE:
        return redirect("admin:idea_became_course", int(pk))
    try:
        services.move_idea(idea_id=int(pk), state=state)
    except Idea.DoesNotExist:
        messages.warning(request, gettext("A colleague has deleted or merged this idea."))
    else:
        words = gettext("Moved to «%(state)s».")
        messages.success(request, words % {"state": State(state).label})
    return redirect(request.get_full_path())


class BecameForm(forms.Form):
    course = forms.ModelChoiceField(
        Course.objects.all(),
        label=_("course"),
        error_messages={"required": _("Choose the course that it became.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_order(self.fields["course"])


@permission_required("courses.change_idea", raise_exception=True)
def became_course(request: HttpRequest, idea_id: int) -> HttpResponse:
    """Choose the course that an idea became: its page then says how it began."""
    idea = get_object_or_404(Idea, pk=idea_id)
    form = BecameForm(request.POST or None, initial={"course": idea.course_id})
    if request.method == "POST" and form.is_valid():
        course = form.cleaned_data["course"]
        services.link_idea(idea_id=idea.pk, course=course)
        words = gettext("The page of «%(course)s» says now that it began as somebody's idea.")
        messages.success(request, words % {"course": course.title})
        return redirect(_list())
    return page(
        request,
        "admin/form.html",
        gettext("Which course did it become?"),
        subtitle=gettext("Ideas"),
        form=form,
        sentences=[
            f"«{idea.text}»",
            gettext(
                "The course need not be published yet. If it is not there, add it first, and come "
                "back."
            ),
        ],
        button=gettext("It became this course"),
        back_url=_list(),
    )


class MergeForm(forms.Form):
    kept = forms.TypedChoiceField(
        label=_("which one stays?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the one that stays.")},
    )

    def __init__(self, *args: Any, ideas: Iterable[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [  # type: ignore[attr-defined]  # a choice
            (idea.pk, f"{idea.text} ({idea.get_state_display()})") for idea in ideas
        ]


@permission_required("courses.change_idea", raise_exception=True)
def merge(request: HttpRequest) -> HttpResponse:
    """Choose which of the ideas in the address stays."""
    ids = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal() and len(pk) < 19]
    ideas = list(Idea.objects.filter(pk__in=ids))
    if len(ideas) < 2:
        messages.warning(request, gettext("Tick several ideas first."))
        return redirect(_list())
    form = MergeForm(request.POST or None, ideas=ideas, initial={"kept": ideas[0].pk})
    if request.method == "POST" and form.is_valid():
        try:
            services.merge_ideas(kept_id=form.cleaned_data["kept"], ids=[each.pk for each in ideas])
        except ValidationError as refusal:
            form.add_error("kept", refusal)
        else:
            messages.success(request, gettext("They are one idea now."))
            return redirect(_list())
    return page(
        request,
        "admin/form.html",
        gettext("Make these ideas one"),
        subtitle=gettext("Ideas"),
        form=form,
        sentences=[
            gettext(
                "The one that stays gets the votes of them all. The words of the others are kept "
                "on its page, for you alone. This cannot be undone."
            )
        ],
        button=gettext("Make them one"),
        back_url=_list(),
    )


@permission_required("courses.view_idea", raise_exception=True)
def sheet(request: HttpRequest) -> HttpResponse:
    """What can be shown and is to be talked about, with room for marks: to print for the wall."""
    ideas = Idea.objects.to_talk_about()
    return render(request, "courses/idea_sheet.html", {"ideas": ideas, "marks": range(12)})
