from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from recoverycollege.people.record import dpia, record_of_processing


class Command(BaseCommand):
    help = (
        "Print the record of processing activities (GDPR, article 30) as Markdown, with the "
        "periods as they are set; or a draft of the impact assessment (article 35)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )
        parser.add_argument(
            "--dpia", action="store_true", help="The draft of the impact assessment instead."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        write = dpia if options["dpia"] else record_of_processing
        self.stdout.write(write(options["language"]), ending="")
