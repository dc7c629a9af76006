"""The college, its partners, venues and tutors."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import colours, services
from courses.admin.saving import RefusalMessagesAdmin, RefusalMessagesForm
from courses.catalogue import join_names
from courses.model_texts import model_texts, open_places
from courses.models import College, CourseRun, Partner

WORDING_MAX_LENGTH = 300
PRIVACY_TEXTS = ("privacy_controller", "privacy_notice", "privacy_text")


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


TEXTS = ["ground_rules", "legal_basis", *PRIVACY_TEXTS, "accessibility_text"]
# So much is to be read and made one's own: it is seen whole, and what is short takes no room.
ROWS = {
    "address": 3,
    "municipalities": 5,
    "introduction": 6,
    "ground_rules": 6,
    "privacy_controller": 3,
    "privacy_notice": 5,
    "privacy_text": 20,
    "accessibility_text": 10,
}
# What a field of the page shows where the college has none of its own: no browser shows nothing.
STANDARD_COLOURS = {
    "colour": colours.STANDARD_COLOUR,
    "ground_colour": colours.STANDARD_GROUND,
}
ABOUT_DRAFTS = _(
    "These are drafts to begin with. Make them your own: what stands in [square brackets] only you "
    "know. No run can be published before you have confirmed them, at the end."
)


class CollegeForm(WordingsForm):
    """Begins with the model texts, which are drafts until somebody ticks that they are true."""

    are_texts_true = forms.BooleanField(
        label=_("We have read these texts, and they are true for us."),
        required=False,
        help_text=_(
            "Until you tick this they are drafts: nobody else sees them, and no run can be "
            "published. You can still change them afterwards."
        ),
    )
    has_standard_colours = forms.BooleanField(
        label=_("Back to the portal's own colours"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        college = kwargs.get("instance") or College()
        if not college.has_confirmed_texts:
            for name, text in model_texts().items():
                setattr(college, name, getattr(college, name) or text)
        super().__init__(*args, **{**kwargs, "instance": college})
        for name, standard in STANDARD_COLOURS.items():
            self.initial[name] = getattr(college, name) or standard
            self.fields[name].widget = forms.ColorInput()
        for name, rows in ROWS.items():
            self.fields[name].widget.attrs["rows"] = rows
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

    def _confirm(self, cleaned: dict[str, Any]) -> None:
        """Only whole texts become the college's own."""
        for name in model_texts().keys() & cleaned.keys():
            if places := open_places(cleaned[name]):
                self.add_error(
                    name,
                    gettext("Write this yourselves first: %(places)s")
                    % {"places": ", ".join(places)},
                )
            elif name in PRIVACY_TEXTS and not cleaned[name].strip():
                self.add_error(name, gettext("Students must be able to read this text."))
        if not self.errors:
            self.instance.texts_confirmed_at = timezone.now()

    def _leave_standard_colours_empty(self, cleaned: dict[str, Any]) -> None:
        for name, standard in STANDARD_COLOURS.items():
            if cleaned.get("has_standard_colours") or cleaned.get(name) == standard:
                cleaned[name] = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None:
            self._leave_standard_colours_empty(cleaned)
        if cleaned is not None and cleaned.get("are_texts_true"):
            self._confirm(cleaned)
        if cleaned is not None and CourseRun.objects.published().exists():
            for name in PRIVACY_TEXTS:
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
        (
            None,
            {
                "fields": [
                    "name",
                    "headline",
                    "introduction",
                    "phone",
                    "email",
                    "address",
                    "logo",
                    "sender_name",
                    "accessibility_statement_url",
                ]
            },
        ),
        (
            _("Colours"),
            {
                "fields": [*STANDARD_COLOURS],
                "description": _(
                    "Of all pages, letters and posters, and of certificates that are issued from "
                    "now on. A colour that is hard to read is refused, with the nearest that holds."
                ),
            },
        ),
        (
            _("The college's texts"),
            {
                "fields": [*TEXTS],
                "description": _("No run can be published without the privacy texts."),
            },
        ),
        (_("Reminders"), {"fields": ["reminds_students"]}),
        (
            _("What you may ask when somebody signs up"),
            {
                "fields": ["municipalities", "offers_news"],
                "description": _(
                    "The form is short, and everybody may leave these out. Ask only for what you "
                    "use."
                ),
            },
        ),
        (
            _("Figures"),
            {
                "fields": ["shows_public_figures"],
            },
        ),
        (
            _("Adult-education subsidy"),
            {
                "fields": [
                    "subsidy_hours",
                    "subsidy_participants",
                    "subsidy_attendance_percent",
                    "subsidy_months",
                ],
                "description": _("What your adult-education association asks of a course."),
            },
        ),
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

    def get_fieldsets(self, request: HttpRequest, obj: College | None = None) -> Any:
        """With the tick that makes drafts the college's own, until somebody has set it, and the one
        that takes chosen colours away.
        """
        own, face, texts, *more = super().get_fieldsets(request, obj)
        if obj is not None and any(obj.own_colours):
            face = (face[0], {**face[1], "fields": [*STANDARD_COLOURS, "has_standard_colours"]})
        if obj is None or not obj.has_confirmed_texts:
            texts = (texts[0], {"fields": [*TEXTS, "are_texts_true"], "description": ABOUT_DRAFTS})
        return [own, face, texts, *more]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Without the button that adds another: there is one college."""
        extra_context = {**(extra_context or {}), "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, extra_context)

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
