"""What the test of several nodes does with their database: python -m tests.nodes_scene VERB

`prepare` migrates an empty one, publishes a run, and prints the address of its form as JSON.
`judge` holds what is in it to the invariants, and prints what came of the sign-ups as JSON.
"""

import json
import sys
from collections import Counter

import django


def prepare(capacity: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.urls import reverse

    from tests import factories

    call_command("migrate", verbosity=0)
    run = factories.make_published_run(capacity=capacity)
    return {"path": reverse("sign_up", args=[run.course.slug, run.pk])}


def judge() -> dict[str, object]:
    from enrolment.models import Enrolment, Letter
    from tests.enrolment import invariants

    invariants.check_all()
    enrolments = Enrolment.objects.select_related("student")
    return {
        "status": Counter(each.status for each in enrolments),
        "people": Counter(each.student.email for each in enrolments),
        "letters": Counter(
            Letter.objects.filter(sent_at__isnull=False).values_list("student__email", flat=True)
        ),
        "unsent": Letter.objects.unsent().count(),
    }


def main() -> None:
    django.setup()
    verb, *arguments = sys.argv[1:]
    told = prepare(int(arguments[0])) if verb == "prepare" else judge()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
