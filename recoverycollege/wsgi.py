"""What a web server calls: nothing is answered before it is sure that the settings are right."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError

from recoverycollege.environment import FaultyEnvironment
from recoverycollege.plain_requests import with_plain_content_type

STOPS_GUNICORN = 3  # with any other code gunicorn would start the worker again, and again

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoverycollege.settings")


def stop(why: Exception) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    sys.exit(STOPS_GUNICORN)


try:
    portal = with_plain_content_type(get_wsgi_application())
except FaultyEnvironment as faulty:
    stop(faulty)

from certificates.services import OtherKey, check_key  # noqa: E402 - needs the settings

_is_checked = False


def check_once() -> None:
    """Stop this process where certificates are proved by another key than the one it was given.

    Where the database is away, or not migrated yet, the next request asks again.
    """
    global _is_checked
    if _is_checked:
        return
    try:
        check_key()
    except DatabaseError:
        return
    except OtherKey as other:
        stop(other)
    _is_checked = True


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    check_once()
    return portal(environ, start_response)


check_once()
