"""Writing to people on a run: the text, how it reads, and sending it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import College, CourseRun
from courses.norwegian.formatting import moment_in_full
from courses.web.plain_pages import keeps_answers
from enrolment import letters, services
from enrolment.admin.message_form import Audience, MessageForm, tellings
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import RunPage, back_to, find_run, page, why_not
from enrolment.forms_kept_over_sign_in import keeps_form, sent
from enrolment.links import address
from enrolment.models import Enrolment, Letter, Message


@permission_required("enrolment.change_message", raise_exception=True)
def to_run(request: HttpRequest, run_id: int) -> HttpResponse:
    return write(request, find_run(run_id))


@permission_required("enrolment.change_message", raise_exception=True)
def to_one(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = get_object_or_404(Enrolment.objects.select_related("student"), pk=enrolment_id)
    return write(request, find_run(enrolment.run_id), enrolment=enrolment)


@permission_required("enrolment.change_message", raise_exception=True)
def change(request: HttpRequest, message_id: int) -> HttpResponse:
    message = find_message(message_id)
    if message.is_sent and request.method != "POST":
        return redirect("admin:message", message.pk)
    return write(request, find_run(message.run_id), message=message, enrolment=message.enrolment)


def find_message(message_id: int) -> Message:
    found = Message.objects.select_related("enrolment__student", "written_by")
    return get_object_or_404(found, pk=message_id)


def write(
    request: HttpRequest,
    run: CourseRun,
    *,
    message: Message | None = None,
    enrolment: Enrolment | None = None,
) -> HttpResponse:
    """The form. What is sent is kept as a draft, also on the way to how it reads."""
    given = sent(request)
    told = tellings(run, enrolment, message.audience if message else "")
    # What has been typed is never thrown away, whatever has become of the run.
    if request.method != "POST" and given is None and message is None:
        reason = why_not(services.check_can_be_told, run)
        if not reason and not any(each.total for each in told.values()):
            reason = " ".join(refusal_messages(services.NobodyToTell()))
        if reason:
            messages.warning(request, reason)
            return back_to(run, RunPage.MESSAGES)
    form = MessageForm(given or None, told=told, initial=first_shown(message, told))
    theirs = None
    if form.is_valid() and request.method == "POST":
        try:
            saved = services.save_message(
                run=run, enrolment=enrolment, by=request.user, **form.cleaned_data
            )
        except services.MessageChanged as refusal:
            theirs = Message.objects.select_related("written_by").get(
                submission=form.cleaned_data["submission"]
            )
            form = once_more(form, told=told, seen=theirs.changed_at.isoformat())
            form.add_error(
                None,
                [
                    *refusal_messages(refusal),
                    gettext(
                        "Look at what your colleague wrote. If you go on, yours stands instead."
                    ),
                ],
            )
        except services.MessageSent as refusal:
            form = once_more(form, told=told, seen="", submission=str(uuid.uuid4()))
            form.add_error(
                None,
                [
                    *refusal_messages(refusal),
                    gettext("If you go on, what stands here becomes a new message."),
                ],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            if "_keep" in request.POST:
                messages.success(request, gettext("The draft is kept. It stands on this page."))
                return back_to(run, RunPage.MESSAGES)
            return redirect("admin:message", saved.pk)
    sentences = []
    if enrolment is not None:
        sentences = services.telling_of(Enrolment.objects.filter(pk=enrolment.pk)).sentences()
    return page(
        request,
        "admin/message_form.html",
        title_of(enrolment),
        subtitle=str(run),
        form=form,
        theirs=theirs,
        sentences=sentences,
        button=gettext("See how it reads"),
        back_url=RunPage.MESSAGES.of(run),
    )


def title_of(enrolment: Enrolment | None) -> str:
    if enrolment is None:
        return gettext("Write to everybody")
    return gettext("Write to %(name)s") % {"name": enrolment.student}


def first_shown(message: Message | None, told: dict[str, services.Telling]) -> dict[str, Any]:
    if message is None:
        return {
            "audience": next(iter(told), None),
            "language": get_language(),
            "submission": uuid.uuid4(),
        }
    return {
        "audience": message.audience,
        "text": message.text,
        "language": message.language,
        "submission": message.submission,
        "seen": message.changed_at.isoformat(),
    }


def once_more(
    form: MessageForm, *, told: dict[str, services.Telling], **hidden: str
) -> MessageForm:
    """The same answers in a form that now knows better."""
    answers = {name: form.data.get(name, "") for name in form.fields}
    return MessageForm(answers | hidden, told=told)


@dataclass(frozen=True)
class Preview:
    """The letter as one of them is going to read it."""

    heading: str
    language: str
    subject: str
    blocks: list[letters.Block]


def previews(message: Message, run: CourseRun) -> list[Preview]:
    """One for each language that somebody's letter is in, to whoever of them signed up first."""
    firsts: dict[str, Enrolment] = {}
    for enrolment in message.people().select_related("student"):
        firsts.setdefault(enrolment.language, enrolment)
    college = College.objects.current()
    found = []
    for language, name in settings.LANGUAGES:
        if language not in firsts:
            continue
        enrolment = firsts[language]
        enrolment.run = run
        letter = Letter(
            student=enrolment.student,
            enrolment=enrolment,
            kind=Letter.Kind.MESSAGE,
            channel=enrolment.student.channel,
            message=message,
        )
        letters.write(letter, college=college)
        # No staff screen shows a personal link: the label of its button is enough.
        text = letter.text.replace(letters.PAGE_LINK, address("my_page", language=language))
        heading = gettext("How %(name)s reads it (%(language)s)")
        found.append(
            Preview(
                heading=heading % {"name": enrolment.student, "language": str(name)},
                language=language,
                subject=letter.subject,
                blocks=letters.blocks(text, message),
            )
        )
    return found


@permission_required("enrolment.change_message", raise_exception=True)
def show(request: HttpRequest, message_id: int) -> HttpResponse:
    """A draft: how it reads, and the button that sends it. Sent: what, when, and to how many."""
    message = find_message(message_id)
    run = find_run(message.run_id)
    if request.method == "POST":
        return send(request, message, run)
    back_url = RunPage.MESSAGES.of(run)
    if message.sent_at is not None:
        number = message.sent_to or 0
        when = {"when": moment_in_full(message.sent_at), "count": number}
        return page(
            request,
            "admin/message.html",
            gettext("Message"),
            subtitle=str(run),
            message=message,
            sentences=[
                ngettext(
                    "Sent %(when)s to %(count)s person.",
                    "Sent %(when)s to %(count)s people.",
                    number,
                )
                % when,
                f"{capfirst(_('to'))}: {to_whom(message)}.",
            ],
            back_url=back_url,
        )
    told = services.telling_of(message.people())
    reason = why_not(services.check_can_be_told, run)
    if not reason and not told.total:
        reason = " ".join(refusal_messages(services.NobodyToTell()))
    button = ""
    if not reason:
        button = ngettext("Send to %(count)s person", "Send to %(count)s people", told.total) % {
            "count": told.total
        }
    return page(
        request,
        "admin/message.html",
        gettext("How it reads"),
        subtitle=str(run),
        message=message,
        sentences=[
            gettext("Nothing is sent yet: it is kept as a draft."),
            f"{capfirst(_('to'))}: {to_whom(message)}.",
            *([reason] if reason else told.sentences()),
        ],
        previews=previews(message, run),
        seen=message.changed_at.isoformat(),
        button=button,
        back_url=back_url,
    )


def to_whom(message: Message) -> str:
    if message.enrolment is not None:
        return str(message.enrolment.student)
    return str(Audience(message.audience).label)


def send(request: HttpRequest, message: Message, run: CourseRun) -> HttpResponse:
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    try:
        current = services.send_message(message=message, seen=seen, by=request.user)
    except services.MessageChanged:
        messages.warning(
            request,
            gettext("Not sent: a colleague has changed the message. Here is how it reads now."),
        )
        return redirect("admin:message", message.pk)
    except services.EnrolmentError as refusal:
        messages.warning(request, " ".join(refusal_messages(refusal)))
        return redirect("admin:message", message.pk)
    messages.success(request, gettext("The message is sent."))
    for sentence in services.telling_of(
        Enrolment.objects.filter(letters__message=current)
    ).sentences():
        messages.success(request, sentence)
    return back_to(run, RunPage.MESSAGES)


@permission_required("enrolment.change_message", raise_exception=True)
def delete(request: HttpRequest, message_id: int) -> HttpResponse:
    message = find_message(message_id)
    run = find_run(message.run_id)
    if message.is_sent:
        messages.warning(request, " ".join(refusal_messages(services.MessageSent())))
        return redirect("admin:message", message.pk)
    if request.method == "POST":
        try:
            services.delete_draft(message=message)
        except services.MessageSent as refusal:  # just now
            messages.warning(request, " ".join(refusal_messages(refusal)))
            return redirect("admin:message", message.pk)
        messages.success(request, gettext("The draft is deleted."))
        return back_to(run, RunPage.MESSAGES)
    return page(
        request,
        "admin/confirm.html",
        gettext("Delete the draft?"),
        subtitle=str(run),
        sentences=[gettext("Nobody has been sent it. What is written here is gone afterwards.")],
        button=gettext("Delete the draft"),
        back_url=reverse("admin:message", args=[message.pk]),
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    def keeping(view: Any) -> Any:
        return keeps_answers(keeps_form(site.admin_view(view)))

    return [
        path("<int:run_id>/message/", keeping(to_run), name="message_to_run"),
        path("people/<int:enrolment_id>/message/", keeping(to_one), name="message_to_one"),
        path("messages/<int:message_id>/", site.admin_view(show), name="message"),
        path("messages/<int:message_id>/change/", keeping(change), name="message_change"),
        path("messages/<int:message_id>/delete/", site.admin_view(delete), name="message_delete"),
    ]
