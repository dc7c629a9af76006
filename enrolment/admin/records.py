"""What was written and what was done: to read, never to change."""

from django.contrib import admin
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from enrolment.admin import calls
from enrolment.admin.unlogged import ReadOnlyAdmin
from enrolment.admin.words import words_for_event
from enrolment.models import Event, Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["kind", "student", "channel", "due_at", "sent_at", "outcome"]
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
        "due_at",
        "sent_at",
        "overtaken_at",
        "failed_at",
        "attempts",
        "last_error",
        "outcome",
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*calls.letter_urls(self.admin_site), *super().get_urls()]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["happened_at", "what", "subject_id", "actor"]
    list_filter = ["happened_at"]
    list_select_related = ["actor"]
    fields = ["happened_at", "what", "subject_id", "actor"]

    @admin.display(description=_("what"))
    def what(self, event: Event) -> str:
        return words_for_event(event.verb)
