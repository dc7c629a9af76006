"""The groups of staff and what each may do in the admin. The one place where it stands.

Applied after every migrate, so that a permission added here holds from the next upgrade on.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction

ALL = ("add", "change", "delete", "view")

# Group, model, what it may do with the rows. Nobody deletes students, enrolments or what tells of
# them; runs and sessions are deleted only while they are drafts (see `RunAdmin`).
PERMISSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "coordinators": {
        "courses.college": ("add", "change", "view"),
        "courses.partner": ALL,
        "courses.venue": ALL,
        "courses.topic": ALL,
        "courses.semester": ALL,
        "courses.schoolholiday": ALL,
        "courses.tutor": ALL,
        "courses.course": ALL,
        "courses.coursedeveloper": ALL,
        "courses.coursefile": ALL,
        "courses.courserun": ALL,
        "courses.coursesession": ALL,
        "courses.annualreport": ("add", "change", "view"),
        "courses.frozenyear": ("view",),
        "courses.idea": ALL,
        "courses.opportunity": ALL,
        "courses.page": ALL,
        "courses.pagefile": ALL,
        "courses.tutorassignment": ALL,
        "enrolment.student": ("change", "view"),
        "enrolment.enrolment": ("add", "change", "view"),
        "enrolment.adjustment": ("change", "view"),
        "enrolment.letter": ("change", "view"),
        "enrolment.message": ("change", "view"),
        "enrolment.interest": ("change", "view"),
        "enrolment.question": ("change", "view"),
        "enrolment.event": ("view",),
        "certificates.attendance": ("change", "view"),
        "certificates.certificate": ("add", "view"),
        "certificates.feedback": ("change", "view"),
        "certificates.developeroffer": ("change", "view"),
    },
    "tutors": {
        "enrolment.enrolment": ("view",),
        "enrolment.adjustment": ("view",),
        "certificates.attendance": ("change", "view"),
        "certificates.certificate": ("add", "view"),
    },
    # The figures, and nothing else.
    "owners": {"courses.frozenyear": ("view",)},
}


def apply_groups(using: str = "default", **signal: Any) -> None:
    """Make the groups, or bring them back to exactly what is written above.

    Receives `post_migrate`. Does nothing while the tables of sign-in are not there yet, as after a
    migrate of one app alone.
    """
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return
    # Not every app has had its turn yet: the permissions of all are made here first.
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    with transaction.atomic(using=using):
        for name, models in PERMISSIONS.items():
            group, _is_new = Group.objects.using(using).get_or_create(name=name)
            group.permissions.set(_permissions(models, using))


def _permissions(models: dict[str, tuple[str, ...]], using: str) -> list[Permission]:
    """The rows of `auth.Permission`; DoesNotExist where the table above names none."""
    found = []
    for label, verbs in models.items():
        app_label, model = label.split(".")
        for verb in verbs:
            found.append(
                Permission.objects.using(using).get(
                    codename=f"{verb}_{model}",
                    content_type__app_label=app_label,
                    content_type__model=model,
                )
            )
    return found
