"""A tutor is erased: name, portrait, words and contact go; what they developed and held stays."""

import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import CourseRun, Tutor
from courses.models.runs import CourseRunQuerySet
from courses.services.college import delete_unused_portraits

User = get_user_model()


def runs_with_contact(tutor: Tutor) -> CourseRunQuerySet:
    """The runs on which the tutor is whom people can ring."""
    same = Q(pk__in=[])
    if tutor.name:
        same |= Q(contact_name__iexact=tutor.name)
    if tutor.phone:
        same |= Q(contact_phone=tutor.phone)
    return CourseRun.objects.filter(same)


@transaction.atomic
def erase_tutor(*, tutor: Tutor, now: datetime | None = None) -> set[str]:
    """Empty the row of a tutor, and the sign-in; the names that they were known by here.

    The portrait goes with it. The sign-in lets nobody in any more, and is called by its number.
    Django's log of the catalogue names nobody instead. Runs on which they are whom people can ring
    lose that. These runs must be locked, and the tutor's row.
    """
    names = {tutor.name, *_logged(tutor).values_list("object_repr", flat=True)} - {""}
    runs_with_contact(tutor).update(contact_name="", contact_phone="")
    user = tutor.user
    _forget_in_log(tutor, names | ({user.get_username()} if user else set()))
    tutor.name = tutor.presentation = tutor.email = tutor.phone = ""
    tutor.photo = ""
    tutor.is_active = False
    tutor.erased_at = now or timezone.now()
    tutor.save()
    if user is not None:
        user.username = f"erased-{user.pk}"
        user.first_name = user.last_name = user.email = ""
        user.is_active = False
        user.set_unusable_password()
        user.save()
        user.groups.clear()
    delete_unused_portraits()
    return names


def without_names(text: str, names: Collection[str], *, instead: str) -> str:
    """The text with other words in place of these names, where they stand whole.

    A single word may be any word, as «Liv» is: it is a name only where it is all that there is,
    as a text or as a value in JSON.
    """
    if not names:
        return text
    either = "|".join(map(_whole, sorted(names, key=len, reverse=True)))
    return re.sub(either, lambda _found: instead, text)


def _whole(name: str) -> str:
    escaped = re.escape(name)
    if len(name.split()) > 1:
        return rf"(?<!\w){escaped}(?!\w)"
    return rf'(?<![^"]){escaped}(?![^"])'


def _logged(tutor: Tutor) -> Any:
    kind = ContentType.objects.get_for_model(Tutor)
    return LogEntry.objects.filter(content_type=kind, object_id=str(tutor.pk))


def _forget_in_log(tutor: Tutor, names: Collection[str]) -> None:
    """What is logged of the tutor and the sign-in, and where other rows' entries name them."""
    _logged(tutor).update(object_repr="")
    if tutor.user is not None:
        kind = ContentType.objects.get_for_model(User)
        of_user = LogEntry.objects.filter(content_type=kind, object_id=str(tutor.user.pk))
        of_user.update(object_repr="")
    naming = Q(pk__in=[])
    for name in names:
        written = json.dumps(name)[1:-1]  # as in a message, which is JSON
        naming |= Q(object_repr__contains=name) | Q(change_message__contains=name)
        naming |= Q(change_message__contains=written)
    as_written = {json.dumps(name)[1:-1] for name in names} | set(names)
    entries = list(LogEntry.objects.filter(naming))
    for entry in entries:
        entry.object_repr = without_names(entry.object_repr, names, instead="")
        entry.change_message = without_names(entry.change_message, as_written, instead="")
    LogEntry.objects.bulk_update(entries, ["object_repr", "change_message"], batch_size=100)
