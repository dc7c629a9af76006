"""The college, its partners, venues and tutors."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.saving import RefusalMessagesAdmin, RefusalMessagesForm
from courses.catalogue import join_names
from courses.models import College, CourseRun, Partner

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
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reminds_students" in self.fields:
            words = gettext(
                "Whoever has a place gets an e-mail %(days)s days before each session. It goes "
                "between %(from)s and %(until)s o'clock, and says how to find the way, who is at "
                "the door and how to withdraw. Whoever has chosen it gets an SMS instead. Whoever "
                "is rung, or gets letters on paper, is not reminded. Each student can be without."
            )
            self.fields["reminds_students"].help_text = words % {
                "days": join_names([str(each) for each in settings.REMINDED_DAYS_BEFORE]),
                "from": settings.DAYTIME_FROM_HOUR,
                "until": settings.DAYTIME_UNTIL_HOUR,
            }

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
        (_("Letters and sign-up"), {"fields": ["sender_name", "reminds_students", "ground_rules"]}),
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
    ordering = ["name"]
    names_column = "name"
    list_display = ["name", "kind", "website"]
