"""The forms on a run's page: the run, its sessions and the pair that leads it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.admin.fields import NATIVE_DATES, ChoicesReadOnce, DayField, time_input
from courses.admin.saving import ChangedFieldsForm, RefusalMessagesForm, StaleRowsFormSet
from courses.admin.tutors import TutorRowForm
from courses.models import CourseRun, CourseSession, PairRole, TutorAssignment
from courses.norwegian.phone_numbers import normalise_phone
from courses.services import moment

if TYPE_CHECKING:
    SessionInlineBase = admin.StackedInline[CourseSession, CourseRun]
    TutorInlineBase = admin.StackedInline[TutorAssignment, CourseRun]
else:
    SessionInlineBase = TutorInlineBase = admin.StackedInline


# Long before any session was held. Only for a moment, inside the transaction of a save.
ASIDE = datetime(1970, 1, 1, tzinfo=UTC)


class RunForm(RefusalMessagesForm):
    class Meta:
        model = CourseRun
        fields = [
            "course",
            "semester",
            "venue",
            "contact_name",
            "contact_phone",
            "entry",
            "capacity",
            "enrolment_opens_at",
            "enrolment_closes_at",
            "waiting_list_closes_at",
            "practical",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = settings.WAITING_LIST_CLOSES_HOURS
        self.fields["waiting_list_closes_at"].help_text = ngettext(
            "Empty: %(hours)s hour before the first session. After it, the call list.",
            "Empty: %(hours)s hours before the first session. After it, the call list.",
            hours,
        ) % {"hours": hours}
        if self.instance.pk is None:
            return
        if not self.instance.is_draft:
            self.fields["course"].disabled = True
        if self.instance.enrolments.exists():
            self.fields["entry"].disabled = True
            self.fields["entry"].help_text = _("Fixed: somebody has signed up.")

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"].strip()
        return normalise_phone(phone) if phone else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and "capacity" in cleaned:
            has_sign_up = cleaned.get("entry") == CourseRun.Entry.SIGN_UP
            if has_sign_up and not cleaned["capacity"]:
                self.add_error("capacity", gettext("Write how many places there are."))
            elif not has_sign_up and cleaned["capacity"]:
                self.add_error("capacity", gettext("Leave this empty: nobody signs up."))
        return cleaned


class SessionForm(ChangedFieldsForm):
    """A session as one thinks of it: a day, and from when to when."""

    day = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("From"), widget=time_input())
    finishes = forms.TimeField(label=_("To"), widget=time_input())

    class Meta:
        model = CourseSession
        fields = ["theme", "guest_speakers", "venue", "online_link", "is_optional"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            starts_at = timezone.localtime(self.instance.starts_at)
            ends_at = timezone.localtime(self.instance.ends_at)
            self.initial.update(
                day=starts_at.date(),
                begins=starts_at.time().replace(second=0, microsecond=0),
                finishes=ends_at.time().replace(second=0, microsecond=0),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        parts = {"day", "begins", "finishes"}
        if parts <= cleaned.keys() and parts & set(self.changed_data):
            day, begins, finishes = (
                cleaned[part]
                if part in self.changed_data
                else self.initial.get(part, cleaned[part])
                for part in ("day", "begins", "finishes")
            )
            starts_at, ends_at = moment(day, begins), moment(day, finishes)
            if ends_at <= starts_at:
                self.add_error("finishes", gettext("The session must end after it starts."))
            else:
                self.instance.starts_at, self.instance.ends_at = starts_at, ends_at
        return cleaned


class SessionFormSet(StaleRowsFormSet):
    def clean(self) -> None:
        """A run that people know keeps a session, and no two start together.

        Nor does one start together with a session that a colleague has just added.

        The page's save holds the run's lock, and whoever adds a session takes it.
        """
        super().clean()
        starts = [
            form.instance.starts_at
            for form in self.forms
            if form.instance.starts_at and form not in self.deleted_forms
        ]
        if self.instance.pk:
            on_this_page = [form.instance.pk for form in self.initial_forms if form.instance.pk]
            others = CourseSession.objects.filter(run=self.instance).exclude(pk__in=on_this_page)
            starts += others.values_list("starts_at", flat=True)
        if not starts and not self.instance.is_draft:
            raise ValidationError(gettext("The run must keep at least one session."))
        if len(starts) != len(set(starts)):
            raise ValidationError(gettext("Two sessions of the run start at the same time."))

    def save_existing_objects(self, commit: bool = True) -> Any:
        """Sessions may take over each other's times: those that move step aside first."""
        moving = [
            form.instance.pk
            for form in self.initial_forms
            if form in self.deleted_forms or form.has_changed()
        ]
        for number, pk in enumerate(moving if commit else []):
            aside = ASIDE + timedelta(hours=number)
            CourseSession.objects.filter(pk=pk).update(
                starts_at=aside, ends_at=aside + timedelta(hours=1)
            )
        return super().save_existing_objects(commit)


class SessionInline(ChoicesReadOnce, SessionInlineBase):
    model = CourseSession
    form = SessionForm
    formset = SessionFormSet
    extra = 1
    formfield_overrides = NATIVE_DATES
    fieldsets = [
        (None, {"fields": [("day", "begins", "finishes"), "theme"]}),
        (
            _("Guests, another venue, online"),
            {
                "fields": ["guest_speakers", "venue", "online_link", "is_optional"],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseSession]:
        return super().get_queryset(request).select_related("venue")


class TutorFormSet(StaleRowsFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("A person counts in one role: choose peer or professional.")


class TutorInline(ChoicesReadOnce, TutorInlineBase):
    model = TutorAssignment
    form = TutorRowForm
    formset = TutorFormSet
    fields = ["tutor", "role"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TutorAssignment]:
        return super().get_queryset(request).select_related("tutor")

    def get_extra(self, request: HttpRequest, obj: CourseRun | None = None, **kwargs: Any) -> int:
        return 1 if obj else len(PairRole)
