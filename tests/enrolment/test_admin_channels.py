"""Students without contact in the admin: nothing can reach them, and nothing pretends to."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_name_of_somebody_without_contact_is_corrected_without_asking_for_one(staff) -> None:
    student = factories.make_student(name="Ada", email="")
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    shown = {"name": "Ada", "channel": "none", "language": "nb", "reminders": "email"}
    shown |= {f"initial-{name}": value for name, value in shown.items()}
    assert staff.post(url, shown | {"name": "Åda"}).status_code == 302
    page = staff.post(url, shown | {"name": "Åda", "initial-name": "Åda", "phone": "22865000"})
    assert page.context["adminform"].form.errors["channel"] == ["Velg hvordan vi når studenten."]
    student.refresh_from_db()
    assert (student.name, student.phone, student.channel) == ("Åda", "", "none")
    known = factories.make_student()
    page = staff.get(reverse("admin:enrolment_student_change", args=[known.pk]))
    choices = dict(page.context["adminform"].form.fields["channel"].choices)
    assert "none" not in choices
