"""Django's admin for coordinators: an index by task, and one sign-in page for all staff."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog


class CollegeAdminSite(admin.AdminSite):
    site_header = _("For coordinators")
    site_title = _("For coordinators")
    index_title = _("What needs doing")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Coordinators trust that rows stay: nobody deletes many at once.
        self.disable_action("delete_selected")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        # Imported here: the package of `tasks` registers its pages at this very site.
        from certificates.access import is_coordinator
        from recoverycollege.admin.index import tasks
        from recoverycollege.admin.what_waits import context_of

        # The tasks name runs and count people: whoever may not work on them is shown none.
        shown = tasks() if is_coordinator(request.user) else None
        context = {**(extra_context or {}), "tasks": shown}
        context["days_ahead"] = settings.SESSIONS_AHEAD_DAYS
        if shown:
            context |= context_of(shown)
        if shown and shown.college:
            context["college"] = shown.college  # read already
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a template asks for it: every page carries it, and the index alone shows it."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_urls(self) -> list[Any]:
        # They name this very site.
        from certificates.admin import feedback
        from enrolment.admin import publish_semester
        from recoverycollege.admin import (
            erasing,
            erasing_tutors,
            merging,
            personal_data,
            preview,
            programme,
            run_history,
            search,
            staff,
            status,
        )
        from recoverycollege.exports import views as exports
        from recoverycollege.figures import views as figures
        from recoverycollege.help import views as help_views
        from recoverycollege.paper import views as paper

        return [
            *feedback.urls(self),
            *paper.urls(self),
            *exports.urls(self),
            *help_views.urls(self),
            *figures.urls(self),
            *merging.urls(self),
            *preview.urls(self),
            *erasing.urls(self),
            *erasing_tutors.urls(self),
            *personal_data.urls(self),
            *programme.urls(self),
            *run_history.urls(self),
            *search.urls(self),
            *staff.urls(self),
            *status.urls(self),
            *publish_semester.urls(self),
            *super().get_urls(),
        ]

    def app_index(  # type: ignore[override]  # an answer that needs no template
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one index, by task: an app's own would split what belongs together."""
        return redirect("admin:index")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one sign-in page. For somebody signed in who has no business here: nothing."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(  # type: ignore[override]  # an answer that needs no template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one page for it, tutors and coordinators alike."""
        return redirect("password")

    def i18n_javascript(  # type: ignore[override]  # the stubs promise more than the view does
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The words of the admin's scripts, with our translations where Django has none."""
        return JavaScriptCatalog.as_view()(request)
