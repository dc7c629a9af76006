"""Who would like to help make courses: all of them on one page, and marked there as spoken with."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from certificates import services
from certificates.models import DeveloperOffer
from enrolment.admin import undo
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin
from enrolment.admin.run_pages import not_written_down, page

# So many of each are shown: the others come when these are dealt with.
WAITING_SHOWN = 50
DONE_SHOWN = 20


@admin.register(DeveloperOffer)
class DeveloperOfferAdmin(ReadOnlyPeopleDataAdmin):
    fields = ["name", "contact", "language", "offered_on", "done_on"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Those whom nobody has spoken with, whoever has waited longest first. Three queries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return page(
            request,
            "admin/developer_offers.html",
            gettext("Want to help make courses"),
            number=DeveloperOffer.objects.waiting().count(),
            offers=DeveloperOffer.objects.waiting()[:WAITING_SHOWN],
            done=DeveloperOffer.objects.done()[:DONE_SHOWN],
            may_mark=request.user.has_perm("certificates.change_developeroffer"),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(developer_offer_done)
        return [
            path("<int:offer_id>/done/", view, name="developer_offer_done"),
            *super().get_urls(),
        ]


@permission_required("certificates.change_developeroffer", raise_exception=True)
def developer_offer_done(request: HttpRequest, offer_id: int) -> HttpResponse:
    if request.method == "POST":
        is_done = request.POST.get("done") == "yes"
        try:
            offer = services.mark_offer_done(
                offer=DeveloperOffer(pk=offer_id), is_done=is_done, by=request.user
            )
        except DeveloperOffer.DoesNotExist:
            raise Http404 from None
        words = (
            gettext("Written down as spoken with: %(name)s.")
            if is_done
            else gettext("Written down as not spoken with: %(name)s.")
        )
        undo.success(
            request,
            words % {"name": offer.name},
            undo=reverse("admin:developer_offer_done", args=[offer.pk]),
            done="no" if is_done else "yes",
        )
    else:
        not_written_down(request)
    return redirect("admin:certificates_developeroffer_changelist")
