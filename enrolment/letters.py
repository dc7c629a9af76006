"""Writing letters: what is said to a student, in their language, whatever the channel.

A letter's text holds placeholders where personal links go. `with_links` puts signed links in their
place when the letter is sent, so that no stored text and no staff screen shows one. On paper, and
for reading aloud, `on_paper` says instead where to ask for a link.

A letter that waits says today's facts when it is sent or read: `as_of_now` writes it anew. News
that newer news made untrue or needless is overtaken, and never sent.

The text is laid out so that the HTML part can be made from it: an empty line between blocks, a
line that ends with a colon is a heading, `– ` begins a list item, and `Words: address` is a link.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from courses.models import College, CourseSession, TutorAssignment
from courses.norwegian import formatting
from courses.norwegian.text_language import guessed_language
from enrolment.links import Purpose, address, link
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.letters import LetterQuerySet
from enrolment.queries import load_programme
from enrolment.schedule_changes import Programme, as_json, changes, from_json, programme_of

PAGE_LINK = "[[page]]"
WITHDRAW_LINK = "[[withdraw]]"
CALENDAR_LINK = "[[calendar]]"
PURPOSES = {
    PAGE_LINK: Purpose.PAGE,
    WITHDRAW_LINK: Purpose.WITHDRAW,
    CALENDAR_LINK: Purpose.CALENDAR,
}
LINK_LINE = re.compile(r"(?P<label>[^:\n]+): (?P<address>https?://\S+)")


def write(
    *,
    kind: Letter.Kind,
    student: Student,
    occasion: str,
    enrolment: Enrolment | None = None,
    channel: str = "",
    is_new_occasion: bool = False,
    is_first: bool = False,
    is_from_public_form: bool = False,
    before: Programme | None = None,
    now: datetime | None = None,
) -> Letter | None:
    """Put one letter in the outbox, inside the caller's transaction.

    `occasion` makes the letter unique: writing for the same occasion twice leaves one letter and
    returns None; `is_new_occasion` saves looking. `channel` is the student's own where empty.
    Somebody who cannot be reached at all gets none.

    News that tells all overtakes every unsent older letter to the student about the run;
    `is_first` saves looking for one. `before` is the programme as the student knows it, where it
    has changed: what has changed is said in the letter. `is_from_public_form`: anybody may have
    written the address, so the letter takes its turn (`LETTERS_AN_HOUR`). It is due at once, or at
    `now` where what it tells happened then.
    """
    now = now or timezone.now()
    if not student.can_be_reached:
        return None
    dedupe_key = f"{kind}:{occasion}"
    if not is_new_occasion and Letter.objects.filter(dedupe_key=dedupe_key).exists():
        return None
    known = as_json(before) if before is not None else None
    if enrolment is not None and kind in Letter.TELLS_ALL and not is_first:
        known = _overtake(student, enrolment, now=now) or known
    subject, text = _say(kind, student, enrolment, language=student.language, before=known)
    return Letter.objects.create(
        dedupe_key=dedupe_key,
        student=student,
        enrolment=enrolment,
        kind=kind,
        channel=channel or student.channel,
        language=student.language,
        subject=subject,
        text=text,
        before=known,
        due_at=now,
        is_from_public_form=is_from_public_form,
    )


def _overtake(
    student: Student, enrolment: Enrolment, *, now: datetime
) -> dict[str, list[str]] | None:
    """Mark every unsent letter to the student about the run as overtaken.

    One that a worker is sending just now may still arrive, before whatever is written after it:
    see `LetterQuerySet.to_send`. Returns the programme as the student knows it, where one of the
    letters was to say what has changed about it.
    """
    older = Letter.objects.unsent().about(student=student, run_id=enrolment.run_id)
    found = list(older.order_by("pk"))
    if found:
        Letter.objects.filter(pk__in=[each.pk for each in found], sent_at=None).update(
            overtaken_at=now
        )
    return next((each.before for each in found if each.before is not None), None)


def as_of_now(found: LetterQuerySet) -> list[Letter]:
    """Unsent letters with what they say today, without those that have nothing to say any more.

    Neither is saved. A fixed number of queries.
    """
    sessions = CourseSession.objects.select_related("venue")
    assignments = TutorAssignment.objects.select_related("tutor")
    before_them = (
        Enrolment.objects.waiting()
        .filter(run=OuterRef("enrolment__run"), pk__lt=OuterRef("enrolment"))
        .order_by()
        .values("run")
        .annotate(number=Count("pk"))
        .values("number")
    )
    loaded = (
        found.select_related("student", "enrolment__student", "enrolment__run__course")
        .select_related("enrolment__run__semester", "enrolment__run__venue")
        .prefetch_related(
            Prefetch("enrolment__run__sessions", queryset=sessions),
            Prefetch("enrolment__run__assignments", queryset=assignments),
        )
        .annotate(waits_behind=Coalesce(Subquery(before_them), 0))
    )
    letters = list(loaded)
    for run in {letter.enrolment.run for letter in letters if letter.enrolment}:
        run.pass_on(sessions=run.sessions.all(), assignments=run.assignments.all())
    college = College.objects.current()
    return [letter for letter in letters if rewrite(letter, college=college)]


def rewrite(
    letter: Letter, *, college: College, follows: bool = False, goes_on: bool = False
) -> bool:
    """Make the letter say what holds now. Does not save. False where nothing is left to say.

    Where several letters go as one, only the first greets and only the last ends (`follows`,
    `goes_on`).
    """
    if letter.kind == Letter.Kind.CHANGED and letter.before and letter.enrolment:
        run = load_programme(letter.enrolment.run)
        if not changes(from_json(letter.before), programme_of(run.session_list)):
            return False
    letter.subject, letter.text = _say(
        letter.kind,
        letter.student,
        letter.enrolment,
        language=letter.language,
        before=letter.before,
        college=college,
        number=letter.waits_behind + 1 if hasattr(letter, "waits_behind") else None,
        follows=follows,
        goes_on=goes_on,
    )
    return True


def join(told: list[Letter]) -> None:
    """Let several letters to one student go as one: the first greets, the last ends."""
    college = College.objects.current()
    for each in told:
        rewrite(each, college=college, follows=each != told[0], goes_on=each != told[-1])


def fingerprint(letter: Letter) -> str:
    """A hash of what the letter says, by which a page knows that it has changed meanwhile."""
    return salted_hmac(f"{__name__}.said", f"{letter.pk} {letter.text}").hexdigest()[:32]


def write_page_link(*, student: Student, channel: str, occasion: str) -> Letter | None:
    """The letter that holds the way to the student's page."""
    try:
        with transaction.atomic():
            return write(
                kind=Letter.Kind.LINK,
                student=student,
                channel=channel,
                occasion=occasion,
                is_from_public_form=True,
            )
    except IntegrityError:
        return None


def rehearse(*, kind: Letter.Kind, student: Student, enrolment: Enrolment | None = None) -> None:
    """Say what `write` would say, and keep nothing: so that writing nothing takes as long."""
    _say(kind, student, enrolment, language=student.language)


def with_links(letter: Letter) -> str:
    """The text as the student reads it, with links signed now. Never for a staff screen."""
    text = letter.text
    for placeholder, purpose in PURPOSES.items():
        if placeholder in text and (letter.enrolment or purpose == Purpose.PAGE):
            text = text.replace(
                placeholder,
                link(
                    purpose,
                    student=letter.student,
                    enrolment=letter.enrolment,
                    language=letter.language,
                ),
            )
    return text


def on_paper(letter: Letter) -> str:
    """The text for print, and for reading aloud: no personal link, but where to ask for one."""
    lines = []
    with translation.override(letter.language):
        for line in letter.text.split("\n"):
            if PAGE_LINK in line:
                words = (
                    gettext(
                        "Your page on the web: go to %(address)s and write your e-mail address or "
                        "phone number there. Then you get a link."
                    )
                    if letter.student.email
                    else gettext(
                        "Your page on the web: tell us an e-mail address, and we will send you a "
                        "link. Or ask us: we can tell you everything that stands there."
                    )
                )
                page = address("my_page", language=letter.language)
                lines.append(words % {"address": re.sub(r"^https?://", "", page)})
            elif not any(placeholder in line for placeholder in PURPOSES):
                lines.append(line)
    return _tidy("\n".join(lines))


def as_email(letter: Letter, *, after: Iterable[Letter] = ()) -> EmailMultiAlternatives:
    """The letter as plain text and as HTML made from it, from the college's neutral sender.

    With what older letters to the same student say before it, where several go as one (`after`).
    """
    college = College.objects.current()
    letters = (*after, letter)
    text = "\n\n".join(with_links(each) for each in letters)
    domain = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=text,
        from_email=formataddr((_one_line(college.sender_name), settings.DEFAULT_FROM_EMAIL)),
        to=[letter.student.email],
        reply_to=[college.email] if college.email else None,
        headers={
            # The same letter sent once more after a crash is recognised as the same, and one that
            # says something else by now as another. Not by its number: two of them would tell
            # whether another one was written in between.
            "Message-ID": f"<{fingerprint(letter)}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    context = {
        "language": letter.language,
        "subject": letter.subject,
        "sender": college.sender_name,
        "blocks": blocks(text),
        "foreign": _foreign_lines(letters),
    }
    message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return message


def _foreign_lines(letters: Iterable[Letter]) -> dict[str, str]:
    """The lines that the college wrote in another language than the letter's, and in which."""
    lines: dict[str, str] = {}
    for letter in letters:
        if letter.enrolment is None:
            continue
        run = load_programme(letter.enrolment.run)
        venues = {each.place for each in run.session_list if each.place}
        for text in (run.practical, *(venue.how_to_find for venue in venues)):
            language = guessed_language(text)
            if language != letter.language:
                lines |= {line.strip(): language for line in text.splitlines() if line.strip()}
    return lines


def _one_line(text: str) -> str:
    """What may stand in the head of a letter: mail programs refuse a line break there."""
    return " ".join(text.split())


@dataclass
class Block:
    """A piece of a letter between two empty lines."""

    heading: str = ""
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The text's blocks, as the HTML part and the printed letter lay them out."""
    found = []
    for piece in re.split(r"\n{2,}", text.strip()):
        block = Block()
        for number, line in enumerate(piece.split("\n")):
            if match := LINK_LINE.fullmatch(line):
                block.links.append((match["label"], match["address"]))
            elif number == 0 and line.endswith(":"):
                block.heading = line.removesuffix(":")
            elif line.startswith("– "):
                block.items.append(line.removeprefix("– "))
            else:
                block.lines.append(line)
        found.append(block)
    return found


def _say(
    kind: str,
    student: Student,
    enrolment: Enrolment | None,
    *,
    language: str,
    before: dict[str, list[str]] | None = None,
    college: College | None = None,
    number: int | None = None,
    follows: bool = False,
    goes_on: bool = False,
) -> tuple[str, str]:
    """Subject and text, in the letter's language."""
    run = load_programme(enrolment.run) if enrolment else None
    sessions = [each for each in run.session_list if not each.is_held()] if run else []
    if number is None and kind == Letter.Kind.WAITING and enrolment:
        number = enrolment.queue_number()
    college = college or College.objects.current()
    with translation.override(language):
        context: dict[str, Any] = {
            "student": student,
            "enrolment": enrolment,
            "number": number,
            "run": run,
            "sessions": sessions,
            # Where the sessions to come are: nobody is sent to a place that is left.
            "venues": list({each.place.pk: each.place for each in sessions if each.place}.values()),
            "changes": changes(from_json(before), programme_of(run.session_list))
            if run and before
            else [],
            "college": college,
            "sender": _one_line(college.sender_name),
            "catalogue": partial(address, "catalogue", language=language),
            "link_days": settings.LINK_DAYS,
            "page_link": PAGE_LINK,
            "withdraw_link": WITHDRAW_LINK,
            "calendar_link": CALENDAR_LINK,
            "follows": follows,
            "goes_on": goes_on,
        }
        subject, _newline, text = render_to_string(f"emails/{kind}.txt", context).partition("\n")
    return subject.strip(), _tidy(text)


def _tidy(text: str) -> str:
    """No space at the ends of lines, no more than one empty line in a row, and no word joiners."""
    text = text.replace(formatting.WORD_JOINER, "")
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
