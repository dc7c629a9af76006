"""What an unsent letter keeps of the programme as it was tells addresses, tutors and contact, too.

Those are taken as they are now: of an earlier change of them nobody kept anything.
"""

from django.db import migrations

from courses.norwegian.formatting import phone


def tell_more(apps, schema_editor):
    letters = apps.get_model("enrolment", "Letter").objects
    for letter in letters.filter(before__isnull=False, overtaken_at=None, sent_at=None):
        if "meetings" in letter.before:
            continue
        enrolment = letter.enrolment
        run = enrolment.run if enrolment else letter.run
        sessions = {each.pk: each for each in run.sessions.all()}
        tutors = sorted(each.tutor.name for each in run.assignments.all())
        letter.before = {
            "contact": ", ".join(
                filter(None, (run.contact_name, run.contact_phone and phone(run.contact_phone)))
            ),
            "meetings": {
                pk: meeting(*kept, session=sessions.get(int(pk)), run=run, tutors=tutors)
                for pk, kept in letter.before.items()
            },
        }
        letter.save(update_fields=["before"])


def meeting(starts_at, ends_at, place, *, session, run, tutors):
    venue = (session and session.venue) or run.venue
    is_known = venue is not None and venue.name == place
    is_online = place.startswith(("https://", "http://"))
    return [
        starts_at,
        ends_at,
        "" if is_online else place,
        ", ".join(filter(None, (venue.street, venue.town))) if is_known else "",
        venue.how_to_find if is_known else "",
        place if is_online else (session.online_link if session else ""),
        False,
        tutors,
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0014_letters_to_tutors"),
    ]

    operations = [
        migrations.RunPython(tell_more, migrations.RunPython.noop),
    ]
