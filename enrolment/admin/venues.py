"""Venues. Whoever counts on finding one may have to be told what is changed about it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.admin.saving import RefusalMessagesForm
from courses.models import CourseRun, Venue
from enrolment import services
from enrolment.admin.asking import AsksBeforeTelling, announcement_of
from enrolment.admin.run_pages import letters_written


class VenueForm(RefusalMessagesForm):
    def clean_is_public(self) -> bool:
        is_public: bool = self.cleaned_data["is_public"]
        if self.instance.pk and not is_public:
            here = Q(venue=self.instance) | Q(sessions__venue=self.instance)
            if CourseRun.objects.public().filter(here).exists():
                raise ValidationError(
                    gettext(
                        "Open runs meet here, so everybody knows the address. Move them to another "
                        "venue first, or add the private place as a new venue."
                    )
                )
        return is_public


@admin.register(Venue)
class VenueAdmin(AsksBeforeTelling):
    names_column = "name"
    form = VenueForm
    list_display = ["name", "town", "access", "shown_publicly"]
    search_fields = ["name", "town"]
    fieldsets = [
        (None, {"fields": ["name", "street", "town", "how_to_find", "is_public"]}),
        (
            _("Access"),
            {
                "fields": [
                    "is_step_free",
                    "has_hearing_loop",
                    "has_quiet_room",
                    "has_accessible_toilet",
                ]
            },
        ),
    ]

    def lock(self, pk: Any) -> None:
        """Hold the row. Colleagues may save runs that point at it meanwhile."""
        list(Venue.objects.select_for_update(no_key=True).order_by().filter(pk=pk).values("pk"))

    def save_model(self, request: HttpRequest, obj: Venue, form: Any, change: bool) -> None:
        told = services.save_venue(
            venue=obj,
            fields={name: form.cleaned_data[name] for name in form.changed_data},
            announcement=announcement_of(request),
            by=request.user,
        )
        if told:
            messages.success(request, letters_written(told))

    # In words: Django's icons are told to a screen reader in English.

    @admin.display(description=_("Access"))
    def access(self, venue: Venue) -> str:
        return ", ".join(venue.access)

    @admin.display(description=_("public"), ordering="is_public")
    def shown_publicly(self, venue: Venue) -> str:
        return gettext("Yes") if venue.is_public else gettext("No")
