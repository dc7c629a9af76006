"""Saving a run: one verb writes it, checks it and tells of it."""

import pytest
from django.core.exceptions import ValidationError

from enrolment import services
from enrolment.services.run_changes import COUNTED_FIELDS
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_was_not_changed_stays_as_it_is_stored():
    run = factories.make_published_run(capacity=3)
    stale = type(run).objects.get(pk=run.pk)
    stale.contact_name = "Skal ikke lagres"
    factories.enrol(run)
    edit = services.RunEdit({"practical": "Ta med matpakke."})
    services.save_run(run=stale, edit=edit, by=None)
    run.refresh_from_db()
    assert (run.practical, run.contact_name, run.places_taken) == ("Ta med matpakke.", "", 1)


@pytest.mark.parametrize("field", sorted(COUNTED_FIELDS))
def test_fields_with_verbs_of_their_own_are_refused(field):
    with pytest.raises(ValueError, match=field):
        services.save_run(run=factories.make_run(), edit=services.RunEdit({field: 1}), by=None)


def test_a_private_venue_is_refused_for_an_open_run():
    edit = services.RunEdit({"venue": factories.make_venue(is_public=False)})
    with pytest.raises(ValidationError):
        services.save_run(run=factories.make_published_run(), edit=edit, by=None)
