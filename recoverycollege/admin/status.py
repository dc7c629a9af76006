"""How things are with the installation, for coordinators and whoever runs the machine."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from courses.admin.pages import page
from recoverycollege.status import status


@require_safe
@permission_required("courses.change_college", raise_exception=True)
def show_status(request: HttpRequest) -> HttpResponse:
    facts = status(timezone.now())
    return page(
        request,
        "admin/status.html",
        gettext("How the portal is running"),
        facts=facts,
        to_do=[each for each in facts if not each.is_fine],
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("drift/", site.admin_view(show_status), name="status")]
