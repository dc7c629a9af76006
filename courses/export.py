"""What the tables of this app hold about somebody: shown to them, or left out with a reason.

Each app declares its own; `recoverycollege.people.export` composes them, and a test finds every
column that nobody has thought of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import CourseDeveloper, Substitution, Tutor, TutorAssignment

NUMBER = "a number of ours that tells nothing"
WHOSE = "says whose row it is"
WAY_IN = "whoever had it could come in as this person"
TECHNICAL = "how the portal works, and nothing about the person"


@dataclass(frozen=True)
class Held:
    """One table: which rows are about somebody, and what they are shown of each."""

    model: type[Model]
    heading: Promise
    rows: Callable[[Any], "QuerySet[Any]"]  # of the person
    shown: tuple[str, ...]
    left_out: Mapping[str, str]  # column: why
    labels: Mapping[str, Promise] = field(default_factory=dict)  # where the column has none


TUTOR = [
    Held(
        Tutor,
        _("What we know about you"),
        lambda tutor: Tutor.objects.filter(pk=tutor.pk),
        ("name", "email", "phone", "presentation", "photo", "is_active"),
        {
            "id": NUMBER,
            "user": "stands below",
            "created_at": NUMBER,
            "erased_at": "empty till then",
        },
    ),
    Held(
        get_user_model(),
        _("Sign-in"),
        lambda tutor: get_user_model().objects.filter(pk=tutor.user_id),
        ("username", "first_name", "last_name", "email", "is_active", "date_joined", "last_login"),
        {
            "id": NUMBER,
            "password": WAY_IN,
            "is_superuser": TECHNICAL,
            "is_staff": TECHNICAL,
        },
    ),
    Held(
        CourseDeveloper,
        _("Courses you developed"),
        lambda tutor: CourseDeveloper.objects.filter(tutor=tutor).select_related("course"),
        ("course", "role", "since"),
        {"id": NUMBER, "tutor": WHOSE},
    ),
    Held(
        TutorAssignment,
        _("Course runs you lead"),
        lambda tutor: TutorAssignment.objects.filter(tutor=tutor).select_related(
            "run__course", "run__semester"
        ),
        ("run", "role"),
        {"id": NUMBER, "tutor": WHOSE},
    ),
    Held(
        Substitution,
        _("Sessions in which you stand in"),
        lambda tutor: Substitution.objects.filter(tutor=tutor).select_related(
            "session__run__course"
        ),
        ("session", "is_hand_over"),
        {"id": NUMBER, "tutor": WHOSE, "assignment": "names somebody else"},
        {"is_hand_over": _("for all remaining sessions")},
    ),
]
