from typing import Any

from django.core.management.base import BaseCommand

from enrolment import services


class Command(BaseCommand):
    help = (
        "Owe everybody with a place the reminder of a session that is near. Run it every night: "
        "what it owes goes by day. Running it twice owes nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.remind_students()} reminders owed.")
