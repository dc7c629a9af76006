"""The forms on the pages of a run: the run, its sessions and the pair that leads it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.admin.fields import NATIVE_DATES, ChoicesReadOnce, DayField, time_input
from courses.admin.saving import ChangedFieldsForm, RefusalMessagesForm, StaleRowsFormSet
from courses.admin.tutors import TutorRowForm
from courses.models import CourseRun, CourseSession, PairRole, TutorAssignment
from courses.norwegian.formatting import moment_in_full
from courses.norwegian.phone_numbers import normalise_phone
from courses.services import session_times
from enrolment import services

if TYPE_CHECKING:
    SessionInlineBase = admin.StackedInline[CourseSession, CourseRun]
    TutorInlineBase = admin.StackedInline[TutorAssignment, CourseRun]
else:
    SessionInlineBase = TutorInlineBase = admin.StackedInline


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
            "who_meets_you",
            "writes_after_absence",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = settings.WAITING_LIST_CLOSES_HOURS
        self.fields["waiting_list_closes_at"].help_text = ngettext(
            "Empty: %(hours)s hour before the first session. After it, the call list.",
            "Empty: %(hours)s hours before the first session. After it, the call list.",
            hours,
        ) % {"hours": hours}
        for name in ("enrolment_opens_at", "enrolment_closes_at", "waiting_list_closes_at"):
            # The browser's own field tells no day of the week.
            if moment_now := getattr(self.instance, name):
                field = self.fields[name]
                now = gettext("Now: %(moment)s.") % {"moment": moment_in_full(moment_now)}
                field.help_text = f"{now} {field.help_text}"
        if not self.instance.is_published:
            self.fields["venue"].help_text = self.fields["venue"].help_text or _(
                "Needed before it can be published, unless each session has a venue or an online "
                "link."
            )
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
    """A session as one thinks of it: a day, and from when to when, be it past midnight."""

    day = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("From"), widget=time_input())
    finishes = forms.TimeField(label=_("To"), widget=time_input())
    is_cancelled = forms.BooleanField(label=_("Cancelled"), required=False)

    class Meta:
        model = CourseSession
        fields = ["theme", "guest_speakers", "venue", "online_link", "is_optional"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            starts_at = timezone.localtime(self.instance.starts_at)
            ends_at = timezone.localtime(self.instance.ends_at)
            self.initial.update(
                is_cancelled=self.instance.is_cancelled,
                day=starts_at.date(),
                begins=starts_at.time().replace(second=0, microsecond=0),
                finishes=ends_at.time().replace(second=0, microsecond=0),
            )

    # In these lines a row is shown: above, and folded under it.
    UPPER = ("day", "begins", "finishes", "theme")
    LOWER = ("guest_speakers", "venue", "online_link")

    @property
    def first_line(self) -> list[forms.BoundField]:
        return [self[name] for name in self.UPPER]

    @property
    def second_line(self) -> list[forms.BoundField]:
        return [self[name] for name in self.LOWER]

    @property
    def has_errors_below(self) -> bool:
        return bool(self.errors.keys() & {*self.LOWER, "is_optional"})

    @property
    def below_in_words(self) -> str:
        """What is folded away, where it holds something."""
        if not self.instance.pk:
            return ""
        session = self.instance
        said = [session.guest_speakers, str(session.venue or ""), session.online_link]
        if session.is_optional:
            said.append(capfirst(CourseSession._meta.get_field("is_optional").verbose_name))
        return " · ".join(each for each in said if each)

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
            try:
                times = session_times(day, begins, finishes)
            except ValidationError as fault:
                self.add_error("finishes", fault)
            else:
                self.instance.starts_at, self.instance.ends_at = times
        return cleaned


class SessionInline(ChoicesReadOnce, SessionInlineBase):
    model = CourseSession
    form = SessionForm
    formset = StaleRowsFormSet
    extra = 1
    about = _("Before the run can be published there is at least one.")
    formfield_overrides = NATIVE_DATES
    template = "admin/courses/courserun/sessions.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.published_at is None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseSession]:
        return super().get_queryset(request).select_related("venue")


class TutorFormSet(StaleRowsFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("A person counts in one role: choose peer or professional.")


class AssignmentForm(TutorRowForm):
    def has_changed(self) -> bool:
        """A new row in which a tutor is proposed is filled in, also by leaving it as it is."""
        proposed = "tutor" in self.initial and not self.instance.pk
        return (proposed and bool(self["tutor"].data)) or super().has_changed()


class TutorInline(ChoicesReadOnce, TutorInlineBase):
    model = TutorAssignment
    form = AssignmentForm
    formset = TutorFormSet
    fields = [("tutor", "role")]
    about = _(
        "Before the run can be published there are two of them: one with lived experience and one "
        "with professional experience."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TutorAssignment]:
        return super().get_queryset(request).select_related("tutor")

    def get_extra(self, request: HttpRequest, obj: CourseRun | None = None, **kwargs: Any) -> int:
        return 1 if obj else len(PairRole)


def edit_of(form: Any, formsets: Any) -> services.RunEdit:
    """What was changed on the page, as the verb takes it. The forms must be valid."""
    rows: dict[type[Any], list[Any]] = {CourseSession: [], TutorAssignment: []}
    for formset in formsets:
        edit = EDITS[formset.model]
        for row in formset.forms:
            if row in formset.deleted_forms:
                if row.instance.pk:
                    rows[formset.model].append(edit(pk=row.instance.pk, is_deleted=True))
            elif row.has_changed():
                rows[formset.model].append(edit(pk=row.instance.pk, **_changed(row)))
    return services.RunEdit(
        fields={name: form.cleaned_data[name] for name in form.changed_data},
        sessions=rows[CourseSession],
        tutors=rows[TutorAssignment],
    )


EDITS: dict[type[Any], Any] = {
    CourseSession: services.SessionEdit,
    TutorAssignment: services.TutorEdit,
}


def _changed(row: Any) -> dict[str, Any]:
    # Of a new row, what the page suggested counts as well.
    names = row.changed_data if row.instance.pk else row.cleaned_data
    changed = {name: row.cleaned_data[name] for name in names}
    is_cancelled = changed.pop("is_cancelled", None)
    if {"day", "begins", "finishes"} & changed.keys():
        changed |= {"starts_at": row.instance.starts_at, "ends_at": row.instance.ends_at}
    stored = {field.name for field in row.instance._meta.fields}
    fields = {name: value for name, value in changed.items() if name in stored}
    return {"fields": fields} | ({} if is_cancelled is None else {"is_cancelled": is_cancelled})
