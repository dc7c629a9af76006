"""Somebody rings: sign them up on one page, and give them a receipt."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import College, CourseRun, NoticeVersion
from courses.norwegian.formatting import clock, day, phone
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.web.plain_pages import keeps_answers
from enrolment import services
from enrolment.admin.printed_letters import printed
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import RunPage, back_to, find_run, is_key, page
from enrolment.finding import look_alikes
from enrolment.forms.optional_questions import OptionalQuestions
from enrolment.forms.sign_up import CONTROL_CHARACTERS, clean_name, clean_phone
from enrolment.forms_kept_over_sign_in import keeps_form, sent
from enrolment.models import Enrolment, Letter, Student
from enrolment.sms import is_switched_on


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


def linked(sentence: str, student: Student, words: str) -> SafeString:
    """The sentence with a link to the student's page where it says {student}."""
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    return format_html(sentence, student=format_html('<a href="{}">{}</a>', url, words))


def what_became_of(
    answers: dict[str, Any], enrolment: Enrolment, *, since: datetime
) -> list[str | SafeString]:
    """What the receipt must say beside the outcome, after signing up somebody known before.

    A student who is known is not changed by a call: what was said about how to reach them is told
    here, so that it is not lost.
    """
    student = enrolment.student
    sentences: list[str | SafeString] = []
    if enrolment.submission != answers["submission"]:
        new = enrolment.adjustments.filter(
            text=answers["adjustment"].strip(), created_at__gte=since
        )
        sentences.append(gettext("This person was signed up already."))
        if new.exists():
            sentences.append(gettext("The practical adjustment is added."))
        else:
            sentences.append(gettext("Nothing new was registered."))
        if answers["companion"] and not enrolment.has_companion:
            sentences.append(
                gettext("There is one place, as before: whoever comes along is not signed up.")
            )
    said = {name: answers[name] for name in ("phone", "postal_address", "channel", "language")}
    if any(value and getattr(student, name) != value for name, value in said.items()):
        sentence = gettext(
            "We had this person from before, with another way to reach them or another language. "
            "That is not changed: see {student}."
        )
        sentences.append(linked(sentence, student, gettext("the student's page")))
    asked = {name: answers[name] for name in ("municipality", "wants_news") if answers.get(name)}
    if any(getattr(student, name) != value for name, value in asked.items()):
        sentence = gettext(
            "We had this person from before. What they said about municipality and news is not "
            "written down: do that on {student}."
        )
        sentences.append(linked(sentence, student, gettext("the student's page")))
    return sentences


def why_closed(run: CourseRun) -> str:
    """Why nobody can sign up for a run now, in words. Empty where somebody can."""
    if not run.has_sign_up:
        return gettext("Nobody signs up for this course: people just turn up.")
    try:
        services.check_open(run)
    except services.NotOpenYet:
        moment = {"day": day(run.opens_at), "clock": clock(run.opens_at)}
        return gettext("Sign-up opens %(day)s, %(clock)s.") % moment
    except services.EnrolmentError as refusal:
        return " ".join(refusal_messages(refusal))
    return ""


@permission_required("enrolment.add_enrolment", raise_exception=True)
def sign_up_by_phone(request: HttpRequest, run_id: int) -> HttpResponse:
    run = find_run(run_id)
    given = sent(request)
    # What has been typed is never thrown away: the verb refuses it above the form, if at all.
    if request.method != "POST" and given is None and not run.takes_sign_up():
        messages.warning(request, why_closed(run))
        return back_to(run)
    college = College.objects.first()
    newest = NoticeVersion.objects.order_by("pk").last()
    known = known_student(request.GET.get("student", ""))
    form = PhoneSignUpForm(
        given or None,
        run=run,
        college=college,
        known=known,
        initial={"submission": uuid.uuid4(), "notice": newest},
    )
    if form.is_valid() and request.method == "POST":
        answers = form.cleaned_data
        # By these words `enrol` finds whoever was chosen, and changes nothing about them.
        said = form.student or services.Person(
            **{name: answers[name] for name in ("name", "email", "phone")}
        )
        person = services.Person(
            name=said.name,
            email=said.email,
            phone=said.phone,
            channel=answers["channel"],
            postal_address=answers["postal_address"],
            language=answers["language"],
            municipality=answers.get("municipality", ""),
            wants_news=answers.get("wants_news", False),
        )
        started = timezone.now()
        try:
            answer = services.enrol(
                run=run,
                submission=answers["submission"],
                person=person,
                places=2 if answers["companion"] else 1,
                when_one_left=services.WhenOneLeft(
                    answers["when_one_left"] or services.WhenOneLeft.ASK
                ),
                adjustment=answers["adjustment"],
                notice=answers["notice"],
                has_consented=answers.get("has_consented", False),
                by=request.user,
            )
        except services.OnePlaceLeft:
            form.ask_which()
        except services.EnrolmentError as refusal:
            form.add_error(None, " ".join(refusal_messages(refusal)))
        else:
            for sentence in what_became_of(answers, answer.enrolment, since=started):
                messages.warning(request, sentence)
            return redirect("admin:receipt", answer.enrolment.pk)
    return page(
        request,
        "admin/phone_sign_up.html",
        gettext("Sign up a caller"),
        subtitle=str(run),
        run=run,
        known=known,
        form=form,
        notice=form.cleaned_data.get("notice") if form.is_bound else newest,
        button=gettext("Sign them up"),
        back_url=RunPage.PEOPLE.of(run),
        urgent_hours=is_switched_on() and settings.URGENT_HOURS,
    )


@permission_required("enrolment.view_enrolment", raise_exception=True)
def receipt(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """What to say to the caller now, and the letter on paper."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("student", "run__course", "run__semester"),
        pk=enrolment_id,
    )
    told = enrolment.letters.filter(is_beside=False).exclude(kind=Letter.Kind.MESSAGE)
    letter = told.order_by("-pk").first()
    return page(
        request,
        "admin/receipt.html",
        gettext("Receipt"),
        enrolment=enrolment,
        can_sign_up=enrolment.run.takes_sign_up(),
        number=enrolment.queue_number() if enrolment.is_waiting else None,
        letter=letter,
        is_to_say=letter is not None and Letter.objects.for_staff().filter(pk=letter.pk).exists(),
        paper=printed(letter) if letter else None,
    )


def run_urls(site: admin.AdminSite) -> list[URLPattern]:
    view = keeps_answers(keeps_form(site.admin_view(sign_up_by_phone)))
    return [path("<int:run_id>/caller/", view, name="phone_sign_up")]


def enrolment_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:enrolment_id>/receipt/", site.admin_view(receipt), name="receipt")]
