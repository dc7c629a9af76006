#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoverycollege.settings")
    from django.core.management import execute_from_command_line

    from recoverycollege.environment import FaultyEnvironment

    try:
        execute_from_command_line(sys.argv)
    except FaultyEnvironment as faulty:
        sys.exit(str(faulty))


if __name__ == "__main__":
    main()
