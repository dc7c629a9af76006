"""The two groups of staff, with exactly the permissions their work needs."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ALL = ("add", "change", "delete", "view")

PERMISSIONS = {
    "coordinators": {
        ("courses", "college"): ("add", "change", "view"),
        ("courses", "partner"): ALL,
        ("courses", "venue"): ALL,
        ("courses", "topic"): ALL,
        ("courses", "semester"): ALL,
        ("courses", "tutor"): ALL,
        ("courses", "course"): ALL,
        ("courses", "coursedeveloper"): ALL,
        ("courses", "courserun"): ALL,
        ("courses", "coursesession"): ALL,
        ("courses", "tutorassignment"): ALL,
        ("enrolment", "student"): ("change", "view"),
        ("enrolment", "enrolment"): ("add", "change", "view"),
        ("enrolment", "adjustment"): ("change", "view"),
        ("enrolment", "attendance"): ("change", "view"),
        ("enrolment", "letter"): ("change", "view"),
        ("enrolment", "event"): ("view",),
        ("certificates", "certificate"): ("add", "view"),
    },
    "tutors": {
        ("enrolment", "enrolment"): ("view",),
        ("enrolment", "adjustment"): ("view",),
        ("enrolment", "attendance"): ("change", "view"),
        ("certificates", "certificate"): ("add", "view"),
    },
}


def create_groups(apps, schema_editor):
    """Make both groups, or bring them back to what is written above."""
    # Permissions are otherwise made when all migrations have run: too late for us.
    for app_config in apps.get_app_configs():
        if app_config.label in ("courses", "enrolment", "certificates"):
            known = getattr(app_config, "models_module", None)
            app_config.models_module = True  # a historical app has none, and would be passed over
            create_permissions(app_config, apps=apps, verbosity=0)
            app_config.models_module = known
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, models in PERMISSIONS.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.set(
            Permission.objects.get(
                content_type__app_label=app,
                content_type__model=model,
                codename=f"{verb}_{model}",
            )
            for (app, model), verbs in models.items()
            for verb in verbs
        )


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=PERMISSIONS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("courses", "0001_the_catalogue"),
        ("enrolment", "0001_taking_part"),
        ("certificates", "0001_certificates"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
