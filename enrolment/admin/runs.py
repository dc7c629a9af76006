"""Runs: their list, the details of one, and a new one made in one go."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.models import CourseDeveloper, CourseRun, CourseSession, PairRole, Semester, Venue
from courses.norwegian.formatting import day_without_weekday
from enrolment import services
from enrolment.admin import (
    copy_semester,
    move_run,
    phone_sign_up,
    plan_warnings,
    run_pages,
    run_people,
    session_patterns,
    substitutions,
)
from enrolment.admin import messages as message_pages
from enrolment.admin.asking import AsksBeforeTelling, announcement_of
from enrolment.admin.missing import with_links
from enrolment.admin.run_forms import RunForm, SessionInline, TutorInline, edit_of
from enrolment.admin.run_pages import RunPage, is_key


def _proposed_pair(course: str) -> list[dict[str, Any]]:
    """A row for each role: with whoever developed the course, where the address names one."""
    developers = CourseDeveloper.objects.filter(tutor__is_active=True).order_by("pk")
    pair: dict[str, int] = {}
    for each in developers.filter(course=int(course)) if is_key(course) else []:
        pair.setdefault(each.role, each.tutor_id)
    return [
        {"role": role} | ({"tutor": pair[role]} if role in pair else {}) for role in PairRole.values
    ]


class RunList(ChangeList):
    """Each run leads to the page on which one begins."""

    def url_for_result(self, result: Any) -> str:
        return run_pages.home(result)


@admin.register(CourseRun)
class RunAdmin(AsksBeforeTelling):
    form = RunForm
    inlines = [TutorInline, SessionInline]
    list_per_page = 50
    list_display = ["course", "first_day", "semester", "status", "places", "waiting"]
    list_display_links = ["course"]
    list_filter = ["semester", "status"]
    list_select_related = ["course", "semester"]
    search_fields = ["course__title"]
    fieldsets = [
        (None, {"fields": [("course", "semester", "venue"), ("entry", "capacity")]}),
        (
            _("Contact, practical, dates of sign-up"),
            {
                "fields": [
                    "contact_name",
                    "contact_phone",
                    "practical",
                    "who_meets_you",
                    "writes_after_absence",
                    "enrolment_opens_at",
                    "enrolment_closes_at",
                    "waiting_list_closes_at",
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [
            *run_pages.urls(self.admin_site),
            *run_people.urls(self.admin_site),
            *move_run.urls(self.admin_site),
            *session_patterns.urls(self.admin_site),
            *copy_semester.urls(self.admin_site),
            *substitutions.urls(self.admin_site),
            *phone_sign_up.run_urls(self.admin_site),
            *message_pages.urls(self.admin_site),
            *super().get_urls(),
        ]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseRun]:
        runs: QuerySet[CourseRun] = super().get_queryset(request)
        sessions = CourseSession.objects.not_cancelled()
        first = sessions.filter(run=models.OuterRef("pk")).order_by("starts_at")
        return runs.select_related("course", "semester", "venue").annotate(
            first_starts_at=models.Subquery(first.values("starts_at")[:1])
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RunList

    @admin.display(description=_("first session"), ordering="first_starts_at")
    def first_day(self, run: Any) -> str:
        starts_at = run.first_starts_at
        return day_without_weekday(starts_at) if starts_at else gettext("no sessions yet")

    @admin.display(description=_("places taken"))
    def places(self, run: CourseRun) -> str:
        if not run.has_sign_up:
            return "–"
        return gettext("%(taken)s of %(capacity)s") % {
            "taken": run.places_taken,
            "capacity": run.capacity,
        }

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """The newest semester first, and in it the first to begin first."""
        return ["-semester__starts_on", models.F("first_starts_at").asc(nulls_last=True), "pk"]

    # Reading and writing one run

    def get_inlines(self, request: HttpRequest, obj: CourseRun | None) -> list[Any]:
        """A new run is made in one go; later, its sessions have a page of their own."""
        return [TutorInline] if obj else [TutorInline, SessionInline]

    def get_formset_kwargs(
        self, request: HttpRequest, obj: CourseRun, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and isinstance(inline, TutorInline):
            kwargs["initial"] = _proposed_pair(request.GET.get("course", ""))
        return kwargs

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What there is only one of needs no choosing. What is in the address comes before it."""
        to_come = Semester.objects.filter(ends_on__gte=timezone.localdate())
        proposed = {}
        for name, rows in {"semester": to_come, "venue": Venue.objects.all()}.items():
            found = list(rows.values_list("pk", flat=True)[:2])
            if len(found) == 1:
                proposed[name] = found[0]
        return proposed | super().get_changeform_initial_data(request)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: CourseRun | None = None,
    ) -> HttpResponse:
        if obj is not None:
            # A form that is corrected has written its answers into the row.
            run = obj if request.method == "GET" else self.get_queryset(request).get(pk=obj.pk)
            run.pass_on(sessions=run.sessions.select_related("venue"))
            for inline in context["inline_admin_formsets"] if run is obj else []:
                # What the forms are about was read for them.
                run.pass_on(assignments=inline.formset.get_queryset())
            context |= run_pages.heading(run, RunPage.DETAILS) | {
                "missing": with_links(run, course_services.missing_for_publication(run))
                if run.is_draft
                else [],
                "can_be_draft": not run_pages.why_not(services.check_can_be_draft, run),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: CourseRun, form: Any, change: bool) -> None:
        """Nothing yet: the run is saved together with what belongs to it, by one verb."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        run = form.instance
        was_draft = run.is_draft
        if sentences := plan_warnings.unread(request, plan_warnings.on_page(form, formsets)):
            raise plan_warnings.WarningsUnread(sentences)
        saved = services.save_run(
            run=run,
            edit=edit_of(form, formsets),
            announcement=announcement_of(request),
            by=request.user,
        )
        dates = {"semester", "enrolment_opens_at"}
        if was_draft or dates & set(form.changed_data):
            run_pages.wonder_about_sign_up(request, saved.run)
        run_pages.say_what_was_saved(request, saved)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        # Neither who has which role nor anything about people is recorded field by field.
        return super().construct_change_message(request, form, [], add)

    def response_add(
        self, request: HttpRequest, obj: CourseRun, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        if "_pattern" in request.POST:
            messages.success(request, gettext("The draft is saved. Now its sessions."))
            return redirect("admin:run_pattern", obj.pk)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: CourseRun) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        return super().response_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CourseRun | None = None) -> bool:
        """Only a draft that nobody ever signed up for can be deleted."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and obj is not None and obj.is_draft and not obj.enrolments.exists()

    def _publish(self, request: HttpRequest, run: CourseRun) -> HttpResponse:
        try:
            services.publish_run(run=run)
        except course_services.NotPublishable as refusal:
            messages.warning(request, gettext("Saved, but not published yet."))
            # What a draft lacks stands on its own page.
            for sentence in [] if run.is_draft else refusal.missing:
                messages.warning(request, sentence)
        else:
            messages.success(request, gettext("Saved and published."))
        return run_pages.back_to(run)
