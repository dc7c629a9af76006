"""Certificates that were issued: to find and read, never to change."""

from django.contrib import admin

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
        "place",
        "language",
        "issued_at",
        "issued_by",
        "revoked_at",
    ]
