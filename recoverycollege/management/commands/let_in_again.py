from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.web import sign_in, throttle
from courses.web.client_address import network_of, read_address
from recoverycollege.staff import services


class Command(BaseCommand):
    help = (
        "Let somebody sign in again after too many tries, their own or others'. Coordinators can "
        "do it for tutors, on the tutor's page in the admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--address", help="Let the network of this IP address in again, too.", default=""
        )
        parser.add_argument(
            "--without-app",
            help="Take the app away of somebody who has lost the telephone and the recovery codes.",
            action="store_true",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username, address = options["username"], options["address"]
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody has the user name {username}.")
        if address and read_address(address) is None:
            raise CommandError(f"{address} is no IP address.")
        sign_in.let_in_again(user)
        self.stdout.write(f"{username} may sign in again.")
        if address:
            network = network_of(read_address(address))
            throttle.forget(*sign_in.limits_of_network(network))
            self.stdout.write(f"So may others in {network}.")
        if options["without_app"]:
            services.forget_second_factor(user=user, by=None)
            self.stdout.write("No code from an app is asked for; they set it up anew.")
