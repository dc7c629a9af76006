"""What a caller says, and who among those we know it is."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import College, CourseRun, NoticeVersion
from courses.norwegian.formatting import phone
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment import services
from enrolment.admin.run_pages import is_key
from enrolment.finding import look_alikes
from enrolment.forms.optional_questions import OptionalQuestions
from enrolment.forms.sign_up import CONTROL_CHARACTERS, clean_name, clean_phone
from enrolment.models import Enrolment, Student


def ask_for_contact(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """An error at the field that the chosen channel needs, where it is empty.

    And at the channel where it says that somebody cannot be reached who can.
    """
    for channel, name, sentence in (
        (Student.Channel.PHONE, "phone", gettext("Write the number we can ring.")),
        (Student.Channel.EMAIL, "email", gettext("Write the e-mail address.")),
        (Student.Channel.PAPER, "postal_address", gettext("Write where the letter goes.")),
    ):
        is_chosen = cleaned.get("channel") == channel
        if is_chosen and name not in form.errors and not cleaned.get(name):
            form.add_error(name, sentence)
    contact = [cleaned.get(name) for name in ("phone", "email", "postal_address")]
    if cleaned.get("channel") == Student.Channel.NONE and any(contact):
        form.add_error("channel", gettext("Choose how the student is reached."))


SOMEBODY_NEW = "new"


class PhoneSignUpForm(forms.Form):
    """What a caller says. E-mail is normally empty."""

    name = forms.CharField(
        label=_("name"),
        max_length=100,
        help_text=_("As the person wants to be called, and to read it on the certificate."),
        error_messages={"required": _("Write the name the person wants to be called.")},
    )
    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.EmailField(
        label=_("e-mail"),
        required=False,
        validators=[validate_no_identity_number],
        help_text=_("Fine to leave empty."),
    )
    channel = forms.ChoiceField(
        label=_("How we reach the student"),
        choices=[
            (Student.Channel.PHONE, _("We ring")),
            (Student.Channel.EMAIL, _("E-mail")),
            (Student.Channel.PAPER, _("Letter on paper")),
        ],
        initial=Student.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    postal_address = forms.CharField(
        label=_("postal address"),
        required=False,
        validators=[validate_no_identity_number],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Only for letters on paper."),
    )
    language = forms.ChoiceField(
        label=_("language of letters"), choices=settings.LANGUAGES, initial="nb"
    )
    adjustment = forms.CharField(
        label=_("practical adjustment"),
        required=False,
        max_length=500,
        validators=[validate_no_identity_number],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What we can arrange. Nothing about health. Deleted after the course."),
    )
    companion = forms.BooleanField(label=_("Is bringing somebody: two places"), required=False)
    municipality = forms.ChoiceField(
        label=_("municipality"),
        help_text=_("Ask, and say that nobody needs to answer."),
        required=False,
    )
    wants_news = forms.BooleanField(
        label=_("Would like to hear from us when there are new courses"), required=False
    )
    has_consented = forms.BooleanField(
        label=_("The caller has heard the privacy notice and agrees"),
        error_messages={"required": _("Read the notice aloud, and tick when the caller agrees.")},
    )
    when_one_left = forms.ChoiceField(
        label=_("One place is free, and they are two"),
        choices=[
            (services.WhenOneLeft.ALONE, _("One comes alone and has the place")),
            (services.WhenOneLeft.WAIT, _("Both go on the waiting list together")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    # The key of a student whom we know, or that it is somebody new; empty until it is asked.
    who = forms.CharField(label=_("who rings"), required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput)
    notice = forms.ModelChoiceField(
        NoticeVersion.objects.all(), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        run: CourseRun,
        college: College | None,
        known: Student | None = None,
        **kwargs: Any,
    ) -> None:
        """`known` is who it is, where that was chosen before: filled in, and not to be changed."""
        super().__init__(*args, **kwargs)
        for name, value in (answers_of(known) if known else {}).items():
            self.initial[name] = value
            self.fields[name].disabled = True
        # What is known of somebody is not changed by a call.
        (OptionalQuestions() if known else OptionalQuestions.of(college)).put_to(self)
        self.run = run
        # Whom we know, and who was chosen; the form must be valid.
        self.student: Student | None = None
        if college is None or college.legal_basis != College.LegalBasis.CONSENT:
            del self.fields["has_consented"]
        if not self.data.get("when_one_left"):
            self.fields["when_one_left"].widget = forms.HiddenInput()

    def clean_name(self) -> str:
        return clean_name(
            self.cleaned_data["name"].translate(CONTROL_CHARACTERS),
            missing=gettext("Write the name the person wants to be called."),
        )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        ask_for_contact(self, cleaned)
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Write a phone number or an e-mail address."))
        self.student = known_student(cleaned.get("who", ""))
        if not self.errors and self.student is None and cleaned["who"] != SOMEBODY_NEW:
            self._ask_who(cleaned)
        return cleaned

    def ask_which(self) -> None:
        """Show the choice of two people who meet one free place."""
        field = self.fields["when_one_left"]
        field.widget = forms.RadioSelect(choices=field.choices)  # type: ignore[attr-defined]
        self.add_error(
            "when_one_left",
            ValidationError(gettext("One place is free. Ask which they prefer.")),
        )

    def _ask_who(self, cleaned: dict[str, Any]) -> None:
        """Show whose record this may be, and let the caller be one of them or somebody new."""
        who = {name: cleaned[name] for name in ("name", "email", "phone")}
        if Student.objects.same_person(**who).exists():
            return  # found by itself
        alike = [each for each in look_alikes(**who) if each.phone or each.email]
        if not alike:
            return
        here = set(
            Enrolment.objects.live()
            .filter(run=self.run, student__in=[each.pk for each in alike])
            .values_list("student", flat=True)
        )
        self._let_choose(
            (
                str(each.pk),
                (gettext("%(who)s, is signed up here") if each.pk in here else "%(who)s")
                % {"who": " · ".join(filter(None, (each.name, each.contact)))},
            )
            for each in alike
        )
        self.add_error(
            "who",
            ValidationError(gettext("We may know the caller already. Ask, and choose who it is.")),
        )

    def _let_choose(self, people: Iterable[tuple[str, str]]) -> None:
        choices = [
            (value, gettext("It is this one: %(who)s") % {"who": words}) for value, words in people
        ]
        self.fields["who"].widget = forms.RadioSelect(
            choices=[*choices, (SOMEBODY_NEW, gettext("It is somebody else"))]
        )


def known_student(value: str) -> Student | None:
    """Who was chosen on a page, by key; None where nobody was, or they are not there any more.

    Somebody without contact is not signed up before it is written down how to reach them.
    """
    if not is_key(value):
        return None
    reachable = Student.objects.known().exclude(email="", phone="")
    return reachable.filter(pk=int(value)).first()


def answers_of(student: Student) -> dict[str, str]:
    """The form as it is filled in for somebody whom we know."""
    channel = student.channel
    return {
        "name": student.name,
        "phone": phone(student.phone) if student.phone else "",
        "email": student.email,
        "channel": channel,
        "postal_address": student.postal_address,
        "language": student.language,
        "who": str(student.pk),
    }
