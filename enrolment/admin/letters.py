"""Letters in the admin: to read, never to change."""

from django.contrib import admin
from django.urls import URLPattern

from enrolment.admin import call_list
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin
from enrolment.models import Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyPeopleDataAdmin):
    list_display = ["kind", "student", "channel", "owed_since", "sent_at", "outcome"]
    list_filter = ["channel", "kind", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["student"]
    fields = [
        "student",
        "kind",
        "channel",
        "language",
        "subject",
        "text",
        "is_from_public_form",
        "owed_since",
        "sent_at",
        "overtaken_at",
        "failed_at",
        "attempts",
        "last_error",
        "outcome",
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*call_list.letter_urls(self.admin_site), *super().get_urls()]
