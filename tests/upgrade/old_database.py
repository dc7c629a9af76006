"""Fills an empty database as an older version left it, and brings it up to date.

Run by itself, in a process of its own: `python -m tests.upgrade.old_database first_semester`. The
database is the one of DATABASE_URL. What the older version held is the file beside this one; it is
the demo college of that version, as `manage.py dumpdata` wrote it.
"""

import base64
import gzip
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

# The last migration of each app that the older version knew.
VERSIONS = {
    "first_semester": [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("courses", "0002_places_only_with_a_capacity"),
        ("enrolment", "0002_repeated_submissions"),
        ("certificates", "0003_checked_by_anybody"),
    ],
    "1.0": [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("courses", "0023_pages_of_its_own"),
        ("enrolment", "0024_letters_ask_for_feedback"),
        ("certificates", "0014_feedback"),
    ],
}


def rows_of(version: str) -> list[dict[str, Any]]:
    """Every row of that version: `model`, `pk`, `fields`."""
    text = gzip.decompress(_file(version).read_bytes()).decode()
    # Moments are written to the millisecond: one just after a second is told with three zeros,
    # and, once read, without them.
    rows: list[dict[str, Any]] = json.loads(text.replace('.000Z"', 'Z"'))
    return rows


def _file(version: str) -> Path:
    return HERE / f"{version}.json.gz"


def main(version: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(VERSIONS[version])
    old_apps = executor.loader.project_state(VERSIONS[version]).apps
    models = []
    with transaction.atomic():
        for label, rows in groupby(rows_of(version), key=lambda row: row["model"]):
            model = old_apps.get_model(label)
            models.append(model)
            # What a group may do is no row of its own: `recoverycollege.groups` says it.
            links = {each.name for each in model._meta.many_to_many} - {"permissions"}
            for field in model._meta.fields:
                # Moments are kept as they were written.
                if field.get_internal_type() == "DateTimeField":
                    field.auto_now = field.auto_now_add = False
            rows = list(rows)
            model._base_manager.bulk_create(_row(model, row) for row in rows)
            for row in rows:
                for name in links & row["fields"].keys():
                    wanted = row["fields"][name]
                    if wanted:
                        getattr(model._base_manager.get(pk=row["pk"]), name).set(wanted)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
    call_command("migrate", verbosity=0)


def _row(model: Any, row: dict[str, Any]) -> Any:
    values: dict[str, Any] = {model._meta.pk.attname: row["pk"]}
    for name, value in row["fields"].items():
        field = model._meta.get_field(name)
        if field.many_to_many:
            continue
        if field.get_internal_type() == "BinaryField" and value is not None:
            value = base64.b64decode(value)
        elif not field.is_relation:
            value = field.to_python(value)
        values[field.attname] = value
    return model(**values)


if __name__ == "__main__":
    main(sys.argv[1])
