"""Somebody is erased: what they signed up for stays without a name, and all that they wrote goes.

Attendance and certificates come first, from the app above, and then what stands here: together
they are `recoverycollege.people.erasing`, which locks everything and reads it again.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from courses.models import CourseRun, Tutor
from courses.norwegian.names import normalise_name
from courses.services import without_names
from enrolment.events import log
from enrolment.models import (
    Adjustment,
    Interest,
    Letter,
    LinkRequest,
    Message,
    RepeatedSubmission,
    Student,
)
from enrolment.models.students import new_key
from enrolment.services.interest import delete_interests
from enrolment.services.places import give_back
from enrolment.services.questions import questions_of
from enrolment.services.queue import fill


@transaction.atomic
def erase_student(
    *, student: Student, runs: Mapping[int, CourseRun], by: Any, now: datetime | None = None
) -> list[CourseRun]:
    """Empty the row of a person, and delete what only tells of them; runs whose queue may move up.

    `runs` are all that they have an enrolment in, locked; the student must be locked, too. Places
    and waits on runs that are not over are withdrawn, with an event and no letter, and the queue
    fills. Every older link and calendar address opens nothing more. Letters go whether sent or
    not, and with them what staff wrote to this one person.
    """
    now = now or timezone.now()
    touched = []
    for each in student.enrolments.live().order_by("run"):
        run = runs[each.run_id]
        if run.is_running(now):
            give_back(run, each, by=by, now=now)
            touched.append(run)
    _delete_what_they_wrote(student)
    student.name = student.name_key = student.email = student.phone = ""
    student.channel, student.postal_address = Student.Channel.NONE, ""
    student.municipality, student.wants_news = "", False
    student.key, student.calendar_key = new_key(), new_key()
    student.erased_at = now
    student.save()
    log("erased", student, by=by, now=now)
    for run in touched:
        fill(run, now=now)
    return touched


@transaction.atomic
def forget_tutor(
    *, tutor: Tutor, names: Collection[str], by: Any, now: datetime | None = None
) -> None:
    """Delete the letters to a tutor who is erased, and name nobody in those to others.

    `names` are what they were known by: `courses.services.erase_tutor` tells. A name of one word
    is sought in no text: see `courses.services.without_names`. Letters are written
    by the portal; what staff wrote in a message is treated alike, since letters carry it.
    """
    own = Q(tutor=tutor) | (Q(user=tutor.user) if tutor.user else Q())
    Letter.objects.filter(own).delete()
    sought = [each for each in names if len(each.split()) > 1]
    naming = Q(before__isnull=False)  # where JSON may write a name in other signs
    for name in sought:
        naming |= Q(text__contains=name) | Q(subject__contains=name)
    letters = []
    for letter in Letter.objects.filter(naming).only("text", "subject", "before", "language"):
        with translation.override(letter.language or settings.LANGUAGE_CODE):
            instead = gettext("Former tutor")
        before = json.dumps(letter.before, ensure_ascii=False)
        kept = (letter.subject, letter.text, before)
        subject, text, after = (without_names(each, names, instead=instead) for each in kept)
        if (subject, text, after) != kept:
            letter.subject, letter.text, letter.before = subject, text, json.loads(after)
            letters.append(letter)
    Letter.objects.bulk_update(letters, ["subject", "text", "before"], batch_size=100)
    naming = Q(pk__in=[])
    for name in sought:
        naming |= Q(text__contains=name)
    messages = list(Message.objects.filter(naming))
    for message in messages:
        with translation.override(message.language):
            instead = gettext("Former tutor")
        message.text = without_names(message.text, names, instead=instead)
    Message.objects.bulk_update(messages, ["text"], batch_size=100)
    log("erased", tutor, by=by, now=now)


def addresses_of(students: Iterable[Student]) -> set[str]:
    """Every e-mail address at which letters to these people may have arrived. One query."""
    people = list(students)
    others = Letter.objects.filter(student__in=people).exclude(address="")
    return {each.email for each in people if each.email} | set(
        others.values_list("address", flat=True)
    )


def interests_of(student: Student) -> Any:
    """What was asked for at this person's `proved_contact`, to be told when a course is held again.

    Not by another one whom we know there, by their own name: an address may be shared.
    """
    contact = student.proved_contact
    if not contact:
        return Interest.objects.none()
    others = Student.objects.with_contact(contact).exclude(pk=student.pk)
    names = set(others.values_list("name_key", flat=True)) - {student.name_key}
    found = Interest.objects.at(contact)
    theirs = [each.pk for each in found if each.name and normalise_name(each.name) in names]
    return found.exclude(pk__in=theirs)


def _delete_what_they_wrote(student: Student) -> None:
    """And what was written to them."""
    to_them = Message.objects.filter(enrolment__student=student)
    Letter.objects.filter(
        Q(student=student) | Q(enrolment__student=student) | Q(message__in=to_them.values("pk"))
    ).delete()
    to_them.delete()
    Adjustment.objects.filter(enrolment__student=student).delete()
    RepeatedSubmission.objects.filter(enrolment__student=student).delete()
    LinkRequest.objects.filter(contact=student.proved_contact).delete()
    delete_interests(interests_of(student))
    questions_of(student).delete()
    student.merged_keys.all().delete()
