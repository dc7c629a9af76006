"""Certificates that were issued: to find and read. What may be done is done by verbs elsewhere."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from certificates import services
from certificates.models import Certificate
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyPeopleDataAdmin):
    names_column = "name"
    list_display = ["printed_number", "name", "title", "last_on", "issued_at", "state"]
    list_filter = ["run__semester"]
    list_select_related = ["run__course", "run__semester"]
    # What is looked for stands in the address and in logs: a name has no business there.
    search_fields = ["title"]
    search_help_text = _("Number or title.")
    fields = [
        "printed_number",
        "state",
        "what_to_do",
        "name",
        "title",
        "hours",
        "sessions_attended",
        "first_on",
        "last_on",
        "place",
        "language",
        "issued_at",
        "issued_by",
        "superseded_by",
        "revoked_at",
        "revoked_because",
    ]
    readonly_fields = ["printed_number", "state", "what_to_do"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Certificate], search_term: str
    ) -> tuple[Any, bool]:
        """A number is found as it is printed, with or without its hyphens."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        number = services.normalise_number(search_term)
        if number:
            found = found | queryset.filter(Q(number=number))
        return found, may_repeat

    @admin.display(description=_("number"), ordering="number")
    def printed_number(self, certificate: Certificate) -> str:
        return certificate.printed_number

    @admin.display(description=_("state"))
    def state(self, certificate: Certificate) -> str:
        if certificate.revoked_at is not None:
            return pgettext("certificate", "withdrawn")
        if not certificate.is_valid:
            return pgettext("certificate", "replaced")
        return pgettext("certificate", "valid")

    @admin.display(description=_("what to do"))
    def what_to_do(self, certificate: Certificate) -> str | SafeString:
        """Links to the tutor's pages, which coordinators may open for every run."""
        if not certificate.is_printable:
            return "–"
        here = [certificate.run_id, certificate.pk]
        return format_html_join(
            " · ",
            '<a href="{}">{}</a>',
            [
                (reverse("tutor_certificate", args=here), gettext("Print")),
                (
                    reverse("tutor_certificate_correct", args=here),
                    pgettext("certificate", "Correct"),
                ),
                (
                    reverse("tutor_certificate_withdraw", args=here),
                    pgettext("certificate", "Withdraw"),
                ),
            ],
        )
