"""Sends the letters that wait in the outbox."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from enrolment import services


class Command(BaseCommand):
    help = "Sends letters that are due, and goes on doing so. SIGTERM or Ctrl-C ends it cleanly."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No threading.Event: its lock is not for signal handlers, where `set` can wait for itself.
        self.is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")
        parser.add_argument(
            "--interval", type=float, default=5, help="seconds between two looks (default 5)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            services.send_once(report=self.report)
            return
        self.listen()
        services.work(
            interval=options["interval"],
            is_stopping=lambda: self.is_stopping,
            report=self.report,
            complain=self.complain,
        )

    def listen(self) -> None:
        """From now on a signal ends the work after the letters that are under way."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)

    def report(self, line: str) -> None:
        """A line for the log of whoever runs this: numbers only."""
        self.stdout.write(line)
        self.stdout.flush()

    def complain(self, line: str) -> None:
        self.stderr.write(line)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True
