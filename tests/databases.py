"""What is in a database, whatever made it: every row of every table."""

from typing import Any

from django.db import connection


def rows_of_every_table(database: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """In the order of their text, which no copy changes. `database` names another of this kind."""
    opened = connection.copy()
    opened.settings_dict["NAME"] = database or opened.settings_dict["NAME"]
    try:
        with opened.cursor() as cursor:
            rows = {}
            for table in opened.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {opened.ops.quote_name(table)}")
                rows[table] = sorted(map(tuple, cursor.fetchall()), key=repr)
        return rows
    finally:
        opened.close()
