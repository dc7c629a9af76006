"""A run on one page: the form, the pair, the sessions, and who takes part."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.admin.saving import REFUSALS, RefusalMessagesAdmin
from courses.models import CourseRun, CourseSession, PairRole
from courses.norwegian.formatting import day, day_without_weekday
from enrolment import services
from enrolment.admin import messages as message_pages
from enrolment.admin import phone_sign_up, run_pages
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_forms import RunForm, SessionInline, TutorInline
from enrolment.admin.run_people import people_on
from enrolment.admin.schedule_changes import ChangeNeedsTelling, telling
from enrolment.schedule_changes import changes, programme

CONFIRMED, CORRECT = "_confirmed", "_correct"


@admin.register(CourseRun)
class RunAdmin(RefusalMessagesAdmin):
    form = RunForm
    inlines = [TutorInline, SessionInline]
    list_per_page = 50
    list_display = ["course", "first_day", "semester", "status", "places", "waiting"]
    list_display_links = ["course"]
    list_filter = ["semester", "status"]
    list_select_related = ["course", "semester"]
    search_fields = ["course__title"]
    fieldsets = [
        (None, {"fields": ["course", "semester", "venue", "entry", "capacity"]}),
        (
            _("Contact, practical, dates of sign-up"),
            {
                "fields": [
                    "contact_name",
                    "contact_phone",
                    "practical",
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
            *phone_sign_up.run_urls(self.admin_site),
            *message_pages.urls(self.admin_site),
            *super().get_urls(),
        ]

    def refusal_messages(self, refusal: Exception) -> list[str]:
        return refusal_messages(refusal)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseRun]:
        runs: QuerySet[CourseRun] = super().get_queryset(request)
        sessions = CourseSession.objects.not_cancelled()
        first = sessions.filter(run=models.OuterRef("pk")).order_by("starts_at")
        return runs.select_related("course", "semester", "venue").annotate(
            first_starts_at=models.Subquery(first.values("starts_at")[:1])
        )

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

    def get_formset_kwargs(
        self, request: HttpRequest, obj: CourseRun, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and isinstance(inline, TutorInline):
            kwargs["initial"] = [{"role": role} for role in PairRole.values]
        return kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if CORRECT in request.POST:
            request.META[REFUSALS] = [gettext("Nothing has been saved yet.")]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ChangeNeedsTelling as change:
            return self._ask_before_telling(request, str(object_id), change.changes)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: CourseRun | None = None,
    ) -> HttpResponse:
        """With who takes part, over a form that is not being corrected."""
        if obj is not None and request.method == "GET":
            for inline in context["inline_admin_formsets"]:
                # What the forms are about was read for them.
                if isinstance(inline.opts, SessionInline):
                    obj.pass_on(sessions=inline.formset.get_queryset())
                elif isinstance(inline.opts, TutorInline):
                    obj.pass_on(assignments=inline.formset.get_queryset())
            context |= people_on(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: CourseRun, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        form.started = timezone.now()
        form.programme_before = programme(obj)
        changed = set(form.changed_data)
        others = sorted(changed - {"entry", "capacity"})
        if "entry" in changed:
            services.change_entry(
                run=obj, entry=obj.entry, capacity=obj.capacity, fields=others, by=request.user
            )
            return
        course_services.save_run(run=obj, fields=others)
        if "capacity" in changed and obj.capacity is not None:
            services.set_capacity(run=obj, capacity=obj.capacity, by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        run = course_services.lock_run(form.instance.pk)
        before = form.programme_before if change else {}
        moved = [
            each
            for each in run.session_list
            if each.pk not in before or before[each.pk].starts_at != each.starts_at
        ]
        run_pages.name_holidays(request, moved)
        is_new_start = run.starts_at not in {each.starts_at for each in before.values()}
        dates = {"semester", "enrolment_opens_at"}
        if run.is_draft or is_new_start or dates & set(form.changed_data):
            self._wonder_about_dates(request, run)
        now = timezone.now()
        was_over = all(each.ends_at <= now for each in before.values())
        if not change or not run.is_published or (was_over and run.is_finished(now)):
            return
        if not run.is_finished(now):
            services.fill_queue(run=run)
            course_services.check_pairs(course=run.course)
            if missing := course_services.missing_for_publication(run):
                raise course_services.NotPublishable(missing)
        if changed := changes(form.programme_before, programme(run)):
            if telling(run).total and CONFIRMED not in request.POST:
                raise ChangeNeedsTelling(changed)
            told = services.announce_change(run=run, by=request.user, before=form.programme_before)
            if told:
                messages.success(request, run_pages.letters_written(told))
                run_pages.tell_who_is_rung_now(request, run)
        # Last of all: what is told of here stands, and is not taken back to ask first.
        run_pages.tell_who_moved_up(request, run, form.started)

    def _wonder_about_dates(self, request: HttpRequest, run: CourseRun) -> None:
        """Say what may be a slip of the pen. Nothing is refused for it."""
        run_pages.wonder_about_semester(request, run)
        starts_at = run.starts_at
        if starts_at is None or not run.has_sign_up or (run.is_finished() and not run.is_draft):
            return
        if run.has_started():
            messages.info(
                request, gettext("The first session has begun, so nobody can sign up by now.")
            )
        elif run.opens_at >= starts_at:
            messages.info(
                request,
                gettext(
                    "Sign-up opens on %(day)s, when the first session has begun: nobody can sign "
                    "up before it."
                )
                % {"day": day(run.opens_at)},
            )

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
        return redirect("admin:courses_courserun_change", run.pk)

    def _ask_before_telling(
        self, request: HttpRequest, object_id: str, changes: list[str]
    ) -> HttpResponse:
        """The answers once more, hidden, under who will be told and how."""
        run = CourseRun.objects.select_related("course", "semester").get(pk=object_id)
        told = telling(run)
        return render(
            request,
            "admin/confirm.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("Tell everybody about the change?"),
                "subtitle": str(run),
                "sentences": [
                    gettext("Time or place changes, and people count on it. Nothing is saved yet."),
                    *changes,
                    *told.sentences(),
                ],
                "hidden": [
                    (name, value)
                    for name, values in request.POST.lists()
                    for value in values
                    if name not in ("csrfmiddlewaretoken", CONFIRMED, CORRECT)
                ],
                "button": gettext("Save and tell them"),
                "button_name": CONFIRMED,
                "second_button": gettext("Go back and correct"),
                "second_button_name": CORRECT,
                "back_url": reverse("admin:courses_courserun_change", args=[run.pk]),
            },
        )
