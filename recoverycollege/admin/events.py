"""Who did what, and when, in all the apps: to read, never to change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from certificates.event_labels import EVENT_LABELS as CERTIFICATE_EVENT_LABELS
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin
from enrolment.event_labels import EVENT_LABELS, event_label
from enrolment.models import Event
from recoverycollege.exports.event_labels import EVENT_LABELS as EXPORT_EVENT_LABELS


@admin.register(Event)
class EventAdmin(ReadOnlyPeopleDataAdmin):
    list_display = ["happened_at", "what", "subject_id", "actor"]
    list_filter = ["happened_at"]
    list_select_related = ["actor"]
    fields = ["happened_at", "what", "subject_id", "actor"]

    @admin.display(description=_("what"))
    def what(self, event: Event) -> str:
        labels = EVENT_LABELS | CERTIFICATE_EVENT_LABELS | EXPORT_EVENT_LABELS
        return event_label(event.verb, labels)
