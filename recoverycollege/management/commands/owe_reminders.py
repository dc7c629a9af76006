from typing import Any

from django.core.management.base import BaseCommand

from certificates.services import ask_for_feedback, write_to_absent
from enrolment.services import remind_students


class Command(BaseCommand):
    help = (
        "Owe everybody with a place the reminder of a session that is near, and a friendly letter "
        "to whoever was absent, where the run says so, and ask people what they thought of a "
        "run that is over. Run it every night: what it owes goes by "
        "day. Running it twice owes nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind_students()} reminders owed.")
        self.stdout.write(f"{write_to_absent()} letters after an absence owed.")
        self.stdout.write(f"{ask_for_feedback()} letters that ask for feedback owed.")
