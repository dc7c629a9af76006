"""Writing letters: what is said to somebody, in their language, whatever the channel.

A letter is written when it is sent, printed, or opened to be read aloud: `as_of_now` reads the
facts and writes it. Its text holds placeholders where personal links go; `emails` puts signed links
in their place, and `on_paper` says instead where to ask for one.

The text is laid out so that the HTML part can be made from it: an empty line between blocks, a
line that ends with a colon is a heading, `– ` begins a list item, and `Words: address` is a link.
What staff wrote in a message is none of that: it stays as they wrote it.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from courses.models import (
    College,
    CourseRun,
    CourseSession,
    Tutor,
    TutorAssignment,
)
from courses.norwegian import formatting
from courses.norwegian.phone_numbers import keep_phone_numbers_whole
from courses.norwegian.sorting import sort_key
from enrolment import sms
from enrolment.links import Purpose, address
from enrolment.models import Enrolment, Interest, Letter, Message
from enrolment.models.letters import LetterQuerySet
from enrolment.queries import load_programme
from enrolment.schedule_changes import (
    Programme,
    changes,
    first_change,
    from_json,
    programme_of,
    programmes,
)

PAGE_LINK = "[[page]]"
WITHDRAW_LINK = "[[withdraw]]"
CALENDAR_LINK = "[[calendar]]"
INTEREST_LINK = "[[interest]]"
KEEP_LINK = "[[keep]]"
NEW_EMAIL_LINK = "[[new_email]]"
CODE = "[[code]]"
PASSWORD_LINK = "[[password]]"  # noqa: S105 - where the link goes
PURPOSES = {
    PAGE_LINK: Purpose.PAGE,
    WITHDRAW_LINK: Purpose.WITHDRAW,
    CALENDAR_LINK: Purpose.CALENDAR,
    KEEP_LINK: Purpose.KEEP,
}
PLACEHOLDERS = (*PURPOSES, INTEREST_LINK, NEW_EMAIL_LINK, CODE, PASSWORD_LINK)
LINK_LINE = re.compile(r"(?P<label>[^:\n]+): (?P<address>https?://\S+)")


def as_of_now(found: LetterQuerySet) -> list[Letter]:
    """Unsent letters with what they say today, without those that have nothing to say any more.

    Nothing is saved. A fixed number of queries.
    """
    sessions = CourseSession.objects.select_related("venue")
    assignments = TutorAssignment.objects.with_substitutions()
    before_them = (
        Enrolment.objects.waiting()
        .filter(run=OuterRef("enrolment__run"), pk__lt=OuterRef("enrolment"))
        .order_by()
        .values("run")
        .annotate(number=Count("pk"))
        .values("number")
    )
    loaded = (
        found.select_related(*Letter.RECIPIENTS, "enrolment__student", "message")
        .select_related("enrolment__run__course", "enrolment__run__semester")
        .select_related("enrolment__run__venue", "run__course", "run__semester", "run__venue")
        .prefetch_related(
            Prefetch("enrolment__run__sessions", queryset=sessions),
            Prefetch("enrolment__run__assignments", queryset=assignments),
            Prefetch("run__sessions", queryset=sessions),
            Prefetch("run__assignments", queryset=assignments),
        )
        .annotate(waits_behind=Coalesce(Subquery(before_them), 0))
    )
    letters = list(loaded)
    # Each letter brings a run of its own along: those that are one row become one.
    runs = {letter.run.pk: letter.run for letter in letters if letter.run is not None}
    for letter in letters:
        if letter.enrolment is not None:
            letter.enrolment.run = runs.setdefault(letter.enrolment.run_id, letter.enrolment.run)
        elif letter.run is not None:
            letter.run = runs[letter.run.pk]
    for run in runs.values():
        run.pass_on(sessions=run.sessions.all(), assignments=run.assignments.all())
    college = College.objects.current()
    asked_for = {each.interest.course_id for each in letters if each.interest is not None}
    held_again = _can_be_joined(asked_for) if asked_for else []
    return [each for each in letters if write(each, college=college, held_again=held_again)]


def _can_be_joined(courses: Collection[int]) -> list[CourseRun]:
    """The runs of these courses that anybody can join, the soonest first. Four queries."""
    runs = CourseRun.objects.can_be_joined(timezone.now()).filter(course__in=courses)
    return list(runs.with_programme().by_start())


def come_to_nothing(changed: Iterable[tuple[int, int, Any]]) -> set[int]:
    """Keys of the letters that were to tell a change of which nothing is left to tell.

    Those that `as_of_now` leaves out, without writing any. `changed` are the key, the run and
    `before` of each letter of that kind. One query, or none where there is no letter.
    """
    kept = list(changed)
    now = programmes({run for _pk, run, _before in kept})
    return {pk for pk, run, before in kept if before and not changes(from_json(before), now[run])}


def write(
    letter: Letter,
    *,
    college: College,
    follows: bool = False,
    goes_on: bool = False,
    held_again: Iterable[CourseRun] | None = None,
) -> bool:
    """Make the letter say what holds now. Does not save. False where nothing is left to say.

    Where several letters go as one, only the first greets and only the last ends (`follows`,
    `goes_on`). `held_again` are the runs that can be joined, where somebody has read those of the
    course already.
    """
    if letter.interest is not None:
        return _write_held_again(letter, letter.interest, college=college, runs=held_again)
    enrolment = letter.enrolment
    run = load_programme(letter.about_run) if letter.about_run else None
    before = from_json(letter.before) if letter.before else None
    if letter.kind == Letter.Kind.CHANGED and run and before and not _changes(run, before):
        return False
    if enrolment is not None:
        letter.language = enrolment.language
    elif not letter.language:
        letter.language = letter.recipient.language
    number = None
    if letter.kind == Letter.Kind.WAITING and enrolment:
        behind: int | None = getattr(letter, "waits_behind", None)  # counted by `as_of_now`
        number = enrolment.queue_number() if behind is None else behind + 1
    sessions = [each for each in run.session_list if not each.is_held()] if run else []
    if letter.kind in (Letter.Kind.CERTIFICATE, Letter.Kind.FEEDBACK):
        sessions = []  # it is about what was
    if letter.session_id is not None and letter.kind != Letter.Kind.MISSED:
        sessions = [each for each in sessions if each.pk == letter.session_id]
    if letter.channel == Letter.Channel.SMS:
        _write_sms(letter, college=college, sessions=sessions, before=before)
        return True
    with translation.override(letter.language):
        context: dict[str, Any] = {
            "recipient": letter.recipient,
            "enrolment": enrolment,
            "number": number,
            "run": run,
            "sessions": sessions,
            # Where the sessions to come are: nobody is sent to a place that is left.
            "venues": list({each.place.pk: each.place for each in sessions if each.place}.values()),
            "changes": _changes(run, before) if run and before else [],
            "words": _words(letter.message) if letter.message else "",
            "college": college,
            "sender": one_line(college.sender_name),
            "catalogue": partial(address, "catalogue", language=letter.language),
            "link_days": settings.LINK_DAYS,
            "new_email_days": settings.NEW_EMAIL_DAYS,
            "page_link": PAGE_LINK,
            "withdraw_link": WITHDRAW_LINK,
            "calendar_link": CALENDAR_LINK,
            "keep_link": KEEP_LINK,
            "feedback": address("feedback", letter.feedback_key, language=letter.language)
            if letter.feedback_key
            else "",
            "feedback_until": run.ends_at + timedelta(days=settings.FEEDBACK_DAYS)
            if run and run.ends_at
            else None,
            "erased_after_days": settings.INACTIVE_TOLD_DAYS,
            "inactive_years": settings.INACTIVE_STUDENT_YEARS,
            "new_email_link": NEW_EMAIL_LINK,
            "is_new_number": letter.tells_of_phone,
            "follows": follows,
            "goes_on": goes_on,
        }
        template = f"emails/{letter.kind}.txt"
        if letter.tutor is not None and run is not None:
            context |= _to_tutor(letter, letter.tutor, run, sessions)
            template = f"emails/tutors/{letter.kind}.txt"
        elif letter.user is not None:
            context |= _to_staff(letter, letter.user)
            template = f"emails/staff/{letter.kind}.txt"
        said = render_to_string(template, context)
    subject, _newline, text = said.partition("\n")
    letter.subject, letter.text = one_line(subject), tidy(text)
    return True


def _write_held_again(
    letter: Letter, interest: Interest, *, college: College, runs: Iterable[CourseRun] | None
) -> bool:
    """Which runs there are to join; mirrors `held_again` of `enrolment.models.letter_news`."""
    now = timezone.now()
    told = [
        each
        for each in (_can_be_joined([interest.course_id]) if runs is None else runs)
        if each.course_id == interest.course_id
        and (
            each.pk == letter.run_id
            or (each.published_at and each.published_at > interest.asked_at)
        )
    ]
    if not told:
        return False
    letter.language = letter.language or interest.language
    course = told[0].course
    with translation.override(letter.language):
        said = render_to_string(
            "emails/interest.txt",
            {
                "recipient": letter.recipient,
                "course": course,
                "runs": [(each, each.session_list, each.availability(now).value) for each in told],
                "college": college,
                "sender": one_line(college.sender_name),
                "page": address("course", course.slug, language=letter.language),
                "days": settings.INTEREST_TOLD_DAYS,
                "interest_link": INTEREST_LINK,
            },
        )
    subject, _newline, text = said.partition("\n")
    letter.subject, letter.text = one_line(subject), tidy(text)
    return True


def _changes(run: CourseRun, before: Programme) -> list[str]:
    return changes(before, programme_of(run))


def _to_tutor(
    letter: Letter, tutor: Tutor, run: CourseRun, sessions: list[CourseSession]
) -> dict[str, Any]:
    """What a tutor is told otherwise than a student: of the sessions that they lead, with whom.

    The address of the register asks for their sign-in: it is no personal link.
    """
    own = [each for each in sessions if tutor in each.tutors_in_front]
    others = [each for session in own for each in session.tutors_in_front]
    return {
        "sessions": own,
        "session": next(iter(own), None),
        "venues": list({each.place.pk: each.place for each in own if each.place}.values()),
        "others": sorted({each.shown_name for each in others if each != tutor}, key=sort_key),
        "register": address("tutor_register", str(run.pk), language=letter.language),
        "has_sign_in": tutor.user is not None and tutor.user.is_active,
    }


def _to_staff(letter: Letter, user: User) -> dict[str, Any]:
    """What is told about the sign-in, with placeholders for the code and the link."""
    return {
        "code": CODE,
        "code_minutes": settings.SIGN_IN_CODE_MINUTES,
        "password_link": PASSWORD_LINK,
        "invitation_days": settings.INVITATION_DAYS,
        "password_link_hours": settings.PASSWORD_LINK_HOURS,
        "username": user.get_username(),
        "sign_in": address("sign_in", language=letter.language),
        "what": letter.dedupe_key.split(":")[1],
    }


def _write_sms(
    letter: Letter, *, college: College, sessions: list[CourseSession], before: Programme | None
) -> None:
    """That there is news, and about which session: the next one, or the first that has changed.

    Or that the session comes of which somebody is reminded.
    """
    run = letter.about_run
    about = sessions[0].starts_at if sessions else letter.urgent_for
    if run and letter.kind == Letter.Kind.CHANGED and before:
        about = first_change(before, programme_of(run)) or about
    if about is None:
        raise ValueError("An SMS is about a session.")
    sender = one_line(college.sender_name)
    phone = (run and run.contact_phone) or college.phone
    letter.subject = ""
    with translation.override(letter.language):
        if letter.kind == Letter.Kind.COMING:
            letter.text = sms.reminder_of(about=about, sender=sender, phone=phone)
        else:
            letter.text = sms.text_of(
                about=about,
                sender=sender,
                phone=phone,
                has_email=bool(letter.student and letter.student.channel == Letter.Channel.EMAIL),
            )


def join(told: list[Letter]) -> None:
    """Let several letters to one student go as one: the first greets, the last ends."""
    college = College.objects.current()
    for each in told:
        write(each, college=college, follows=each != told[0], goes_on=each != told[-1])


def fingerprint(letter: Letter) -> str:
    """A hash of what the letter says, by which a page knows that it has changed meanwhile."""
    return salted_hmac(
        f"{__name__}.said", f"{letter.pk} {letter.subject} {letter.text}"
    ).hexdigest()[:32]


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
                    if letter.recipient.email
                    else gettext(
                        "Your page on the web: tell us an e-mail address, and we will send you a "
                        "link. Or ask us: we can tell you everything that stands there."
                    )
                )
                page = address("my_page", language=letter.language)
                lines.append(words % {"address": re.sub(r"^https?://", "", page)})
            elif not any(placeholder in line for placeholder in PLACEHOLDERS):
                lines.append(line)
    return tidy("\n".join(lines))


def without_links(letter: Letter) -> str:
    """What was told, to read once more on the student's page, which is where its links lead."""
    lines = letter.text.split("\n")
    return tidy("\n".join(each for each in lines if not any(link in each for link in PLACEHOLDERS)))


def one_line(text: str) -> str:
    """What may stand in the head of a letter: mail programs refuse a line break there."""
    return " ".join(text.split())


@dataclass
class Block:
    """A piece of a letter between two empty lines."""

    # Where staff wrote it in a message, the language in which they did: it is lines, and no more.
    written_in: str = ""
    heading: str = ""
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def blocks(text: str, message: Message | None = None) -> list[Block]:
    """The text's blocks, as the HTML part and the printed letter lay them out.

    In a letter that carries a message, whatever follows the greeting is what staff wrote. There a
    line that looks like a heading or a link is none.
    """
    found = []
    written = len(_pieces(_words(message))) if message else 0
    for place, piece in enumerate(_pieces(text)):
        if message and 0 < place <= written:
            found.append(Block(written_in=message.language, lines=piece.split("\n")))
            continue
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


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"\n{2,}", text.strip()) if piece]


def _words(message: Message) -> str:
    """What staff wrote. Nothing in it is taken for the place of a personal link."""
    return tidy(message.text).replace("[[", "[ [")


def tidy(text: str) -> str:
    """No space at the ends of lines, no more than one empty line in a row, and no word joiners.

    Phone numbers hold together, as dates and hours do.
    """
    text = keep_phone_numbers_whole(text.replace(formatting.WORD_JOINER, ""))
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
