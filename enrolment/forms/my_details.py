"""What students correct about themselves: spelling, contact, channel, language.

And what the college asks beside that, if anything.
"""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.norwegian import formatting
from courses.norwegian.phone_numbers import is_mobile
from enrolment import sms
from enrolment.forms.optional_questions import WANTS_NEWS, OptionalQuestions
from enrolment.forms.sign_up import PlainField, StudentForm, clean_email, clean_name, clean_phone
from enrolment.models import Student

MAY_BE_EMPTIED = ("phone", "municipality", "wants_news")


class MyDetailsForm(StudentForm):
    """Filled in with what is known; `changed` is what has been written otherwise."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Certificates that you have already keep the name they were made with."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("A new address gets a letter first. It counts once you have answered there."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    channel = forms.ChoiceField(
        label=_("How shall we tell you news?"), widget=forms.RadioSelect, required=False
    )
    language = forms.ChoiceField(
        label=_("Which language shall we write in?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    reminders = forms.ChoiceField(
        label=_("Shall we remind you before each session?"),
        help_text=_("By e-mail only if we tell you news by e-mail."),
        widget=forms.RadioSelect,
    )
    municipality = forms.ChoiceField(
        label=_("Which municipality do you live in?"),
        help_text=_("We use it only to count. You need not answer."),
        required=False,
    )
    wants_news = forms.BooleanField(label=WANTS_NEWS, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        student: Student,
        reminds: bool,
        questions: OptionalQuestions,
        **kwargs: Any,
    ) -> None:
        self.student = student
        initial = {
            "name": student.name,
            "email": student.email,
            "phone": formatting.phone(student.phone) if student.phone else "",
            "channel": student.channel,
            "language": student.language,
            "reminders": student.reminders,
            "municipality": student.municipality,
            "wants_news": student.wants_news,
        }
        super().__init__(data, initial=initial, **kwargs)
        channel = Student.Channel
        channels = {channel.EMAIL: _("By e-mail"), channel.PHONE: _("You ring me")}
        if student.postal_address:
            channels[channel.PAPER] = _("By letter on paper")
        self.fields["channel"].choices = list(channels.items())  # type: ignore[attr-defined]
        if reminds:
            self.fields["reminders"].choices = self._ways_to_remind()  # type: ignore[attr-defined]
        else:
            del self.fields["reminders"]
        questions.put_to(self, about=student)
        self.helper.layout = Layout(*self.fields)

    def _ways_to_remind(self) -> list[tuple[str, Any]]:
        """SMS only where the college sends any, or where it was chosen when it did."""
        ways = Student.Reminders
        texts = {
            ways.EMAIL: _("Yes, by e-mail"),
            ways.SMS: _("Yes, by SMS"),
            ways.NONE: _("No, thank you"),
        }
        if not sms.is_switched_on() and self.student.reminders != ways.SMS:
            del texts[ways.SMS]
        return list(texts.items())

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = clean_email(self.cleaned_data["email"])
        if not email and self.student.email:
            raise ValidationError(
                gettext(
                    "This page opens by a link that we send to your e-mail address, so it has to "
                    "stay. Would you rather be without? Ring us, and we will take it out."
                ),
                code="missing",
            )
        return email

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        channel = answers.get("channel") or self.student.channel
        if channel == Student.Channel.PHONE and not answers.get("phone", "-"):
            self.add_error("phone", gettext("Write the number that we are to ring."))
        if channel == Student.Channel.EMAIL and not self.student.email:
            self.add_error("channel", gettext("Choose e-mail when the address is confirmed."))
        by_sms = answers.get("reminders") == Student.Reminders.SMS
        if by_sms and not is_mobile(answers.get("phone", "") or ""):
            self.add_error("phone", gettext("Write a mobile number, so that SMS can reach you."))
        return answers

    @property
    def new_email(self) -> str:
        """An address to be confirmed; empty where it is the one that is known."""
        email: str = self.cleaned_data["email"]
        return "" if email == self.student.email else email

    @property
    def changed(self) -> dict[str, Any]:
        """What counts at once and is another than before."""
        names = ("name", "phone", "channel", "language", "reminders", "municipality", "wants_news")
        return {
            name: value
            for name in names
            if (value := self.cleaned_data.get(name)) is not None
            and value != getattr(self.student, name)
            and (value or name in MAY_BE_EMPTIED)
        }


class NewEmailForm(StudentForm):
    """The name of whoever has opened the letter to a new address, as it is compared."""

    bound_field_class = PlainField

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The whole name, as it stands in our letters or on your page."),
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("name")
        self.helper.field_template = "_includes/field.html"
