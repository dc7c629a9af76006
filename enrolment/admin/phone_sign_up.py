"""Somebody rings: sign them up on one page, and give them a receipt."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from courses.models import College, CourseRun, NoticeVersion
from courses.norwegian.formatting import clock, day
from courses.web.plain_pages import keeps_answers
from enrolment import services
from enrolment.admin.phone_sign_up_form import (
    PhoneSignUpForm,
    known_student,
)
from enrolment.admin.printed_letters import printed
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import RunPage, back_to, find_run, page
from enrolment.forms_kept_over_sign_in import keeps_form, sent
from enrolment.models import Enrolment, Letter, Student
from enrolment.sms import is_switched_on


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
