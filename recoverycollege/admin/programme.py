"""The programme of a run: its sessions on a page of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext

from certificates import services
from courses.models import CourseRun
from courses.norwegian.formatting import day
from enrolment import services as enrolment_services
from enrolment.admin import plan_warnings, run_pages
from enrolment.admin.asking import AsksBeforeTelling, announcement_of
from enrolment.admin.run_forms import SessionInline, edit_of
from enrolment.admin.run_pages import RunPage


class ProgrammePage(AsksBeforeTelling):
    """A page about a run that shows and saves its sessions only; registered nowhere."""

    inlines = [SessionInline]

    def get_fieldsets(self, request: HttpRequest, obj: CourseRun | None = None) -> Any:
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseRun]:
        return super().get_queryset(request).select_related("course", "semester", "venue")

    def has_delete_permission(self, request: HttpRequest, obj: CourseRun | None = None) -> bool:
        return False

    def refusal_messages(self, refusal: Exception) -> list[str]:
        if isinstance(refusal, services.SessionIsMarked):
            return [
                gettext(
                    "%(day)s cannot be cancelled: people are marked or counted in it, or have a "
                    "certificate for it."
                )
                % {"day": capfirst(day(session.starts_at))}
                for session in refusal.sessions
            ]
        return super().refusal_messages(refusal)

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
            for inline in context["inline_admin_formsets"] if request.method == "GET" else []:
                obj.pass_on(sessions=inline.formset.get_queryset())
            context |= run_pages.heading(obj, RunPage.PROGRAMME)
            why_not = run_pages.why_not(enrolment_services.check_can_be_moved, obj)
            context["can_be_moved"] = not why_not
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: CourseRun, form: Any, change: bool) -> None:
        """Nothing yet: the sessions are saved by one verb."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if sentences := plan_warnings.unread(request, plan_warnings.on_page(form, formsets)):
            raise plan_warnings.WarningsUnread(sentences)
        saved = services.save_programme(
            run=form.instance,
            edit=edit_of(form, formsets),
            announcement=announcement_of(request),
            by=request.user,
        )
        if saved.has_new_start:
            run_pages.wonder_about_sign_up(request, saved.run)
        run_pages.say_what_was_saved(request, saved)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return super().construct_change_message(request, form, [], add)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    page = ProgrammePage(CourseRun, site)
    return [
        path(
            "courses/courserun/<path:object_id>/programme/",
            site.admin_view(page.change_view),
            name="run_programme",
        ),
    ]
