"""Certificates that were issued: to find and read, never to change."""

from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from enrolment.admin.unlogged import ReadOnlyAdmin


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["printed_number", "name", "title", "last_on", "issued_at"]
    list_filter = ["run__semester"]
    list_select_related = ["run__course", "run__semester"]
    search_fields = ["number", "name", "title"]
    fields = [
        "number",
        "name",
        "title",
        "hours",
        "sessions_attended",
        "first_on",
        "last_on",
        "where",
        "language",
        "issued_at",
        "issued_by",
        "taken_back_at",
    ]

    # «Place» and «withdrawn» mean something else everywhere else.

    @admin.display(description=_("where"))
    def where(self, certificate: Certificate) -> str:
        return certificate.place

    @admin.display(description=_("taken back"))
    def taken_back_at(self, certificate: Certificate) -> datetime | None:
        return certificate.revoked_at

    @admin.display(description=_("number"), ordering="number")
    def printed_number(self, certificate: Certificate) -> str:
        return certificate.printed_number
