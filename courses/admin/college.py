"""The college, its partners, venues and tutors."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.saving import RefusalMessagesAdmin, RefusalMessagesForm
from courses.models import College, CourseRun, Partner, Venue

WORDING_MAX_LENGTH = 300


class WordingsForm(RefusalMessagesForm):
    """A field for each language of the site, all kept in one column of the college."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, language in WORDING_FIELDS.items():
            self.initial[name] = self.instance.certificate_wordings.get(language, "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.instance.certificate_wordings = self.instance.certificate_wordings | {
            language: self.cleaned_data[name].strip()
            for name, language in WORDING_FIELDS.items()
            if name in self.cleaned_data and name in self.changed_data
        }
        return cleaned


WORDING_FIELDS = {f"certificate_wording_{code}": code for code, _name in settings.LANGUAGES}
# As if written in the class: Django's admin takes the form's fields from there.
WordingsForm.declared_fields |= {
    f"certificate_wording_{code}": forms.CharField(
        label=name,
        required=False,
        max_length=WORDING_MAX_LENGTH,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )
    for code, name in settings.LANGUAGES
}


class CollegeForm(WordingsForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and CourseRun.objects.published().exists():
            for name in ("privacy_controller", "privacy_notice", "privacy_text"):
                if name in cleaned and not cleaned[name].strip():
                    self.add_error(
                        name,
                        gettext("Courses are published: students must be able to read this text."),
                    )
        return cleaned


@admin.register(College)
class CollegeAdmin(RefusalMessagesAdmin):
    """One row: the list goes straight to it."""

    form = CollegeForm
    fieldsets = [
        (None, {"fields": ["name", "introduction", "phone", "email", "address", "logo"]}),
        (_("Letters and sign-up"), {"fields": ["sender_name", "ground_rules"]}),
        (
            _("Privacy"),
            {"fields": ["legal_basis", "privacy_controller", "privacy_notice", "privacy_text"]},
        ),
        (_("Accessibility"), {"fields": ["accessibility_text", "accessibility_statement_url"]}),
        (
            _("Wording on certificates"),
            {
                "fields": list(WORDING_FIELDS),
                "description": _(
                    "One or two sentences at the foot of every certificate, in its own language. "
                    "Where a language has none, the Norwegian bokmål one is printed. No word of "
                    "health."
                ),
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not College.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: College | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        college = College.objects.first()
        if college is None:
            return redirect("admin:courses_college_add")
        return redirect("admin:courses_college_change", college.pk)

    def save_model(self, request: HttpRequest, obj: College, form: Any, change: bool) -> None:
        services.save_college(college=obj)


@admin.register(Partner)
class PartnerAdmin(RefusalMessagesAdmin):
    list_display = ["name", "kind", "website"]


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
class VenueAdmin(RefusalMessagesAdmin):
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

    # In words: Django's icons are told to a screen reader in English.

    @admin.display(description=_("Access"))
    def access(self, venue: Venue) -> str:
        return ", ".join(venue.access)

    @admin.display(description=_("public"), ordering="is_public")
    def shown_publicly(self, venue: Venue) -> str:
        return gettext("Yes") if venue.is_public else gettext("No")
