"""What is done once every night. One step that fails stops none of the others."""

import logging
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from recoverycollege.models import NightlyStep

# The backup comes last: what has been deleted is not in it.
BACKUP = "back_up"
STEPS = ("purge_expired", "owe_reminders", "clearsessions", BACKUP)

logger = logging.getLogger(__name__)


def steps() -> tuple[str, ...]:
    """The commands that are run, in order. No backup where no BACKUP_FOLDER is set."""
    return STEPS if settings.BACKUP_FOLDER is not None else STEPS[:-1]


def run_steps(*, complain: Callable[[str], None]) -> Iterator[tuple[str, bool]]:
    """Run each step and write down when and how it ended: its name, and whether it succeeded.

    What goes wrong is told to `complain` or the log, never raised: a database that is away may be
    back at the next step.
    """
    for name in steps():
        succeeded = _run(name, complain)
        try:
            NightlyStep.objects.update_or_create(
                step=name, defaults={"ended_at": timezone.now(), "succeeded": succeeded}
            )
        except DatabaseError:
            logger.exception("How %s ended could not be written down.", name)
            connection.close()
            succeeded = False
        yield name, succeeded


def _run(name: str, complain: Callable[[str], None]) -> bool:
    try:
        call_command(name)
    except CommandError as error:
        complain(f"{name}: {error}")
    except DatabaseError:
        logger.exception("%s failed.", name)
        connection.close()  # the next step tries a new one
    except Exception:  # whatever it is, the other steps are to run
        logger.exception("%s failed.", name)
    else:
        return True
    return False
