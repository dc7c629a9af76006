"""What happens in each line of `tests.test_verbs` about what they took part in, or whole people."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

import certificates.event_labels
import certificates.services
import courses.services
import enrolment.event_labels
import enrolment.services
import recoverycollege.people.merging
from certificates.models import Attendance, Certificate, DeveloperOffer, SessionCode
from certificates.services import Mark
from courses.models import CourseRun
from recoverycollege.people import erasing, erasing_tutors
from tests import factories
from tests.verb_scene import Done, Rows, Scene


def save_register(shown: Mark, wanted: Mark) -> Callable[[Scene], Done]:
    def prepared(scene: Scene) -> Done:
        scene.begin()
        row = scene.mark(Mark.UNMARKED, shown) if shown else None
        return lambda: [scene.mark(shown, wanted) or row]

    return prepared


def add_walk_in(scene: Scene) -> Done:
    scene.begin()

    def done() -> Rows:
        student = certificates.services.add_walk_in(
            run=scene.run, session=scene.session, name="Kåre", by=scene.by
        )
        return [Attendance.objects.get(student=student)]

    return done


def set_headcount(scene: Scene) -> Done:
    scene.begin()

    def done() -> Rows:
        certificates.services.set_headcount(
            run=scene.run, session=scene.session, headcount=3, by=scene.by
        )
        return [scene.session]

    return done


def make_code(scene: Scene) -> Done:
    def done() -> Rows:
        certificates.services.make_code(run=scene.run, session=scene.session, by=scene.by)
        return [SessionCode.objects.get()]

    return done


def claim(scene: Scene) -> Done:
    scene.begin()
    return lambda: [
        certificates.services.claim(
            session=scene.session, name="Kari", language="nb", submission=uuid.uuid4()
        )
    ]


def issue(scene: Scene) -> Done:
    scene.begin()
    scene.mark(Mark.UNMARKED, Mark.PRESENT)
    return lambda: list(certificates.services.issue(run=scene.run, by=scene.by))


def issue_by_name(scene: Scene) -> Done:
    scene.begin()
    return lambda: list(
        certificates.services.issue_by_name(
            run=scene.run, sessions=[scene.session], names=["Kari"], language="nb", by=scene.by
        ).certificates
    )


def reissue(scene: Scene) -> Done:
    old = scene.certificate()
    return lambda: [
        old,
        certificates.services.reissue(certificate=old, name="Kari Nordmann", by=scene.by),
    ]


def revoke(scene: Scene) -> Done:
    issued = scene.certificate()

    def done() -> Rows:
        certificates.services.revoke(certificate=issued, by=scene.by)
        return [issued]

    return done


def purge_old_names(scene: Scene) -> Done:
    scene.begin()
    claimed = certificates.services.claim(
        session=scene.session, name="Kari", language="nb", submission=uuid.uuid4()
    )

    def done() -> Rows:
        certificates.services.purge_old_names(now=timezone.now() + timedelta(days=1000))
        return [claimed]

    return done


def erase_name(scene: Scene) -> Done:
    issued = scene.certificate()

    def done() -> Rows:
        certificates.services.erase_name(Certificate.objects.filter(pk=issued.pk))
        return [issued]

    return done


def make_feedback(scene: Scene) -> Done:
    return lambda: [certificates.services.make_feedback(run=scene.run, by=scene.by)]


def remove_words(scene: Scene) -> Done:
    scene.begin()
    feedback = certificates.services.make_feedback(run=scene.run, by=scene.by)
    certificates.services.answer(feedback=feedback, steps=[None] * 5, words="Kari var sur")

    def done() -> Rows:
        certificates.services.remove_words(feedback=feedback, words="Kari var sur", by=scene.by)
        return [feedback]

    return done


def mark_offer_done(*, is_done: bool) -> Callable[[Scene], Done]:
    def prepare(scene: Scene) -> Done:
        done_on = None if is_done else timezone.localdate()
        offer = DeveloperOffer.objects.create(
            name="Kari", contact="kari@example.org", done_on=done_on
        )
        return lambda: [
            certificates.services.mark_offer_done(offer=offer, is_done=is_done, by=scene.by)
        ]

    return prepare


def purge_offers(scene: Scene) -> Done:
    offer = DeveloperOffer.objects.create(name="Kari", contact="kari@example.org")

    def done() -> Rows:
        certificates.services.purge_offers(now=timezone.now() + timedelta(days=1000))
        return [offer]

    return done


def merge_students(scene: Scene) -> Done:
    """The two of the scene were one: the place that comes free goes to a third."""
    CourseRun.objects.update(capacity=2)
    enrolment.services.fill_queue(run=scene.run)
    third = factories.enrol(scene.run)
    kept, gone = scene.enrolment.student, scene.waiting.student

    def done() -> Rows:
        enrolment.services.merge_students(
            kept=kept,
            gone=gone,
            runs={scene.run.pk: courses.services.lock_run(scene.run.pk)},
            by=scene.by,
        )
        return [scene.waiting, kept, third]

    return done


def merge_taken_part(scene: Scene) -> Done:
    """Both have a certificate for the run."""
    certificate = scene.certificate()
    gone = factories.make_student()
    Attendance.objects.create(student=gone, session=scene.session, is_present=True)
    [other] = certificates.services.issue(run=scene.run, by=scene.by)

    def done() -> Rows:
        certificates.services.merge_taken_part(kept=certificate.student, gone=gone, by=scene.by)
        return [other]

    return done


def merge(scene: Scene) -> Done:
    kept, gone = factories.make_student(), factories.make_student()

    def done() -> Rows:
        recoverycollege.people.merging.merge(kept=kept, gone=gone, by=scene.by)
        return [kept]

    return done


def erase_student(scene: Scene) -> Done:
    """Whoever has the place: it goes to the one who waits."""

    def done() -> Rows:
        enrolment.services.erase_student(
            student=scene.enrolment.student,
            runs={scene.run.pk: courses.services.lock_run(scene.run.pk)},
            by=scene.by,
        )
        return [scene.enrolment, scene.enrolment.student, scene.waiting]

    return done


def erase(verb: Callable[..., object]) -> Callable[[Scene], Done]:
    """The same across the apps, for one person or several."""

    def prepared(scene: Scene) -> Done:
        student = scene.enrolment.student
        people = {"student": student} if verb is erasing.erase else {"students": [student]}

        def done() -> Rows:
            verb(by=scene.by, **people)
            return [scene.enrolment, student, scene.waiting]

        return done

    return prepared


def forget_tutor(scene: Scene) -> Done:
    tutor = factories.make_tutor()

    def done() -> Rows:
        enrolment.services.forget_tutor(tutor=tutor, names={tutor.name}, by=scene.by)
        return [tutor]

    return done


def erase_tutor(scene: Scene) -> Done:
    tutor = factories.make_tutor()

    def done() -> Rows:
        erasing_tutors.erase_tutor(tutor=tutor, by=scene.by)
        return [tutor]

    return done


# The function, what is done with it, and the events: the verb, the kind of row, whether it says
# which member of staff did it.
