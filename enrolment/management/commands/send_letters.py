"""Sends the letters that wait in the outbox."""

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from enrolment import services

BATCH = 100


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
            self.send()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.is_stopping:
            close_old_connections()
            try:
                found = self.send()
            except DatabaseError as error:
                self.stderr.write(f"The database is away ({type(error).__name__}); trying again.")
                connection.close()
                found = 0
            if found < BATCH:
                self.pause(options["interval"])
        connection.close()

    def send(self) -> int:
        """Send one batch; returns how many letters there were."""
        sent, failed = services.send_due(limit=BATCH, is_stopping=lambda: self.is_stopping)
        if sent or failed:
            self.stdout.write(f"{sent} sent, {failed} not sent.")
            self.stdout.flush()
        return sent + failed

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def pause(self, seconds: float) -> None:
        """Wait, and stop waiting soon after a signal has come."""
        until = time.monotonic() + seconds
        while not self.is_stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
