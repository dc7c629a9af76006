"""Students and what belongs to them. Nothing here admits, refuses or deletes anybody."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.admin.saving import RefusalMessagesForm
from courses.models import College
from courses.norwegian.formatting import phone
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment import services
from enrolment.admin import call_list, call_outcomes, phone_sign_up, undo
from enrolment.admin.people_data import PeopleDataAdmin, ReadOnlyPeopleDataAdmin
from enrolment.admin.phone_sign_up_form import ask_for_contact
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import not_written_down, page, tell_who_moved_up
from enrolment.forms.optional_questions import OptionalQuestions
from enrolment.forms.sign_up import CONTROL_CHARACTERS, clean_name, clean_phone
from enrolment.models import Adjustment, Enrolment, Student

ALWAYS = ["name", "phone", "email", "channel", "postal_address", "language", "reminders"]


class StudentForm(RefusalMessagesForm):
    """What is known of a student. `questions` is what the college asks beside the rest."""

    questions = OptionalQuestions()
    municipality = forms.ChoiceField(
        label=Student._meta.get_field("municipality").verbose_name, required=False
    )

    class Meta:
        model = Student
        fields = [*ALWAYS, "municipality", "wants_news"]
        widgets: ClassVar[dict[str, Any]] = {"postal_address": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions.put_to(self, about=self.instance)
        channel = self.fields.get("channel")
        if isinstance(channel, forms.ChoiceField) and self.instance.channel != Student.Channel.NONE:
            # Nobody who can be reached is made somebody who cannot.
            channel.choices = [
                (value, label)
                for value, label in Student.Channel.choices
                if value != Student.Channel.NONE
            ]

    def clean_name(self) -> str:
        return clean_name(
            self.cleaned_data["name"].translate(CONTROL_CHARACTERS),
            missing=gettext("Write the name with letters."),
        )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        validate_no_identity_number(email)
        return email

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        ask_for_contact(self, cleaned)
        return cleaned


class StudentAdmin(PeopleDataAdmin):
    """Contact data, to correct. Registered by the app above, with all that is known beside it."""

    names_column = "name"
    ordering = ["name", "pk"]
    form = StudentForm
    list_display = ["name", "channel", "written_phone", "email"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """By what the college asks: those who want news are found here, with their addresses."""
        return OptionalQuestions.of(College.objects.current()).names()

    def get_fields(self, request: HttpRequest, obj: Student | None = None) -> Any:
        return [*ALWAYS, *OptionalQuestions.of(College.objects.current()).names(about=obj)]

    def get_form(
        self, request: HttpRequest, obj: Student | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """With the municipalities to choose from."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.questions = OptionalQuestions.of(College.objects.current())
        return form

    @admin.display(description=_("phone"), ordering="phone")
    def written_phone(self, student: Student) -> str:
        return phone(student.phone)

    def refusal_messages(self, refusal: Exception) -> list[str]:
        if isinstance(refusal, ValidationError):
            return [
                gettext(
                    "There is another student with this name and this e-mail address or phone "
                    "number: it is the same person. Use that student instead."
                )
            ]
        return refusal_messages(refusal)

    def has_change_permission(self, request: HttpRequest, obj: Student | None = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.erased_at is None)

    def save_model(self, request: HttpRequest, obj: Student, form: Any, change: bool) -> None:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_contact(student=obj, by=request.user, **changed)

    def response_post_save_change(self, request: HttpRequest, obj: Student) -> HttpResponseRedirect:
        """Here again; or on the call list, where a letter waits for the corrected address."""
        if obj.letters.for_staff().filter(failed_at__isnull=False).exists():
            return call_list.back_to_list(call_list.anchor_of((obj.pk, None, None, None)))
        return redirect("admin:enrolment_student_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(keep)
        return [path("<int:student_id>/keep/", view, name="keep_student"), *super().get_urls()]


@permission_required("enrolment.change_student", raise_exception=True)
def keep(request: HttpRequest, student_id: int) -> HttpResponse:
    """Write down that somebody who is to be erased wants to stay, as they said."""
    student = get_object_or_404(Student.objects.known(), pk=student_id)
    if request.method == "POST":
        services.keep_student(student=student, by=request.user)
        words = gettext("%(name)s stays, and gets no letter about being erased.")
        messages.success(request, words % {"name": student})
    else:
        not_written_down(request)
    return redirect("admin:enrolment_student_change", student.pk)


class SignedUpOnline(admin.SimpleListFilter):
    """Who signed up themselves, today or in the last `RECENT_SIGN_UP_DAYS`."""

    title = _("signed up online")
    parameter_name = "online"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        days = settings.RECENT_SIGN_UP_DAYS
        words = ngettext("the last day", "the last %(days)s days", days)
        return [("today", _("today")), ("week", words % {"days": days})]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        days = {"today": 1, "week": settings.RECENT_SIGN_UP_DAYS}.get(self.value() or "")
        if days is None:
            return queryset
        return queryset.signed_up_online(since=timezone.localdate() - timedelta(days=days - 1))


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyPeopleDataAdmin):
    names_column = "student"
    names_from = ("student__name",)
    list_display = ["student", "run", "status", "enrolled_at"]
    ordering = ["-pk"]
    list_filter = ["status", SignedUpOnline, "run__semester"]
    list_select_related = ["student", "run__course", "run__semester"]
    fields = [
        "student",
        "run",
        "status",
        "places",
        "enrolled_at",
        "placed_at",
        "withdrawn_at",
        "call_outcome",
        "called_at",
        "registered_by",
        "notice_shown_at",
        "consented_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            *phone_sign_up.enrolment_urls(site),
            *call_outcomes.enrolment_urls(site),
            path("<int:enrolment_id>/withdraw/", site.admin_view(withdraw), name="withdrawal"),
            *super().get_urls(),
        ]


@permission_required("enrolment.change_enrolment", raise_exception=True)
def withdraw(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Record a withdrawal that the student asked for, or the companion's. No reason is asked."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("student", "run__course", "run__semester"),
        pk=enrolment_id,
    )
    run_url = reverse("admin:run_people", args=[enrolment.run_id])
    if request.method == "POST":
        started = timezone.now()
        try:
            if "_companion" in request.POST:
                services.give_up_companion(enrolment=enrolment, by=request.user)
            else:
                services.withdraw(enrolment=enrolment, by=request.user)
        except services.EnrolmentError as refusal:
            messages.warning(request, " ".join(refusal_messages(refusal)))
        else:
            messages.success(request, gettext("The withdrawal is recorded."))
            tell_who_moved_up(request, enrolment.run, started)
            # Somebody on the phone is told there and then, and needs no line on the call list.
            if enrolment.letters.for_staff().exists():
                return redirect("admin:receipt", enrolment.pk)
        return redirect(run_url)
    sentences = [
        gettext("%(name)s asked to withdraw. No reason is needed.") % {"name": enrolment.student}
    ]
    if enrolment.has_place and enrolment.run.waiting and enrolment.run.fills_by_itself():
        sentences.append(gettext("The place goes at once to the first on the waiting list."))
    return page(
        request,
        "admin/confirm.html",
        gettext("Record a withdrawal"),
        subtitle=str(enrolment.run),
        sentences=sentences,
        button=gettext("Record the withdrawal"),
        more_buttons=(
            [("_companion", gettext("Only the companion is not coming"))]
            if enrolment.has_companion
            else []
        ),
        back_url=run_url,
    )


@admin.register(Adjustment)
class AdjustmentAdmin(ReadOnlyPeopleDataAdmin):
    list_display = ["text", "student", "run", "arranged_at"]
    list_filter = [("arranged_at", admin.EmptyFieldListFilter)]
    list_select_related = [
        "enrolment__student",
        "enrolment__run__course",
        "enrolment__run__semester",
    ]
    fields = ["enrolment", "text", "created_at", "arranged_at"]

    @admin.display(description=Student._meta.verbose_name)
    def student(self, adjustment: Adjustment) -> str:
        return str(adjustment.enrolment.student)

    @admin.display(description=Enrolment._meta.get_field("run").verbose_name)
    def run(self, adjustment: Adjustment) -> str:
        return str(adjustment.enrolment.run)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(arranged)
        return [
            path("<int:adjustment_id>/arranged/", view, name="arranged"),
            *super().get_urls(),
        ]


@permission_required("enrolment.change_adjustment", raise_exception=True)
def arranged(request: HttpRequest, adjustment_id: int) -> HttpResponse:
    found = Adjustment.objects.select_related("enrolment__student")
    adjustment = get_object_or_404(found, pk=adjustment_id)
    if request.method == "POST":
        is_arranged = request.POST.get("arranged") == "yes"
        services.mark_arranged(adjustment=adjustment, is_arranged=is_arranged, by=request.user)
        words = (
            gettext("Written down as arranged: %(name)s.")
            if is_arranged
            else gettext("Written down as not arranged: %(name)s.")
        )
        undo.success(
            request,
            words % {"name": adjustment.enrolment.student},
            undo=reverse("admin:arranged", args=[adjustment.pk]),
            arranged="no" if is_arranged else "yes",
        )
    else:
        not_written_down(request)
    url = reverse("admin:run_people", args=[adjustment.enrolment.run_id])
    return redirect(f"{url}?at=adjustments#adjustments")
