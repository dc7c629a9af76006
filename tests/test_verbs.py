"""Every verb and the events it leaves: the one table, and a test that runs each line of it.

A new function of a `services` package without a line fails: a verb about people or what they signed
up for leaves an event; what leaves none stands below with the reason.
"""

import inspect
from collections.abc import Callable
from functools import partial
from types import ModuleType

import pytest

import certificates.event_labels
import certificates.services
import courses.services
import enrolment.event_labels
import enrolment.services
import recoverycollege.figures.freezing
import recoverycollege.people.erasing
import recoverycollege.people.erasing_tutors
import recoverycollege.people.inactive
import recoverycollege.people.merging
import recoverycollege.staff.services
from certificates.services import Mark
from enrolment.models import Event, Letter
from tests import verbs_of_certificates, verbs_of_enrolment, verbs_of_staff
from tests.verb_scene import Done, Scene

pytestmark = pytest.mark.django_db

SERVICES: dict[str, ModuleType] = {
    "courses": courses.services,
    "enrolment": enrolment.services,
    "certificates": certificates.services,
    "people": recoverycollege.people.merging,
    "figures": recoverycollege.figures.freezing,
    "inactive": recoverycollege.people.inactive,
    "erasing": recoverycollege.people.erasing,
    "erasing_tutors": recoverycollege.people.erasing_tutors,
    "staff": recoverycollege.staff.services,
}

# Ask and write nothing.
QUESTIONS = {
    "enrolment.last_seen_worker",
    "courses.check_not_too_many",
    "courses.check_pairs",
    "courses.clashes_with",
    "courses.plan_copy",
    "courses.repeating_runs",
    "courses.days_off",
    "courses.clashes",
    "courses.is_coordinators_own",
    "courses.lock_course_with_runs",
    "courses.lock_course",
    "courses.lock_run",
    "courses.read_run",
    "courses.lock_runs_of_semester",
    "courses.missing_for_publication",
    "courses.moment",
    "courses.next_semester",
    "courses.session_times",
    "courses.shifted",
    "courses.slug_is_frozen",
    "courses.suggested_first_day",
    "enrolment.asked_to_wait",
    "enrolment.telling",
    "enrolment.telling_of",
    "enrolment.check_can_be_cancelled",
    "enrolment.check_can_be_draft",
    "enrolment.check_can_be_told",
    "enrolment.check_can_be_moved",
    "enrolment.check_open",
    "enrolment.plan_move",
    "enrolment.live_twice",
    "enrolment.lock_students",
    "enrolment.merged_contact",
    "certificates.attended_sessions",
    "certificates.certified_twice",
    "certificates.marked_twice",
    "certificates.begun_sessions",
    "certificates.can_be_read",
    "certificates.can_have_code",
    "certificates.changed_since_issue",
    "certificates.check_left",
    "certificates.code_closes_at",
    "certificates.code_is_open",
    "certificates.count_key_change",
    "certificates.given_at",
    "certificates.can_be_asked",
    "certificates.current_wordings",
    "certificates.offers_of",
    "certificates.shipped_wordings",
    "certificates.has_guessed_too_often",
    "certificates.normalise_code",
    "certificates.normalise_number",
    "certificates.on_register_at",
    "certificates.readable_until",
    "certificates.session_of_code",
    "certificates.verify",
    "enrolment.is_to_be_erased",
    "inactive.inactive_since",
    "enrolment.interests_of",
    "enrolment.questions_of",
    "courses.runs_with_contact",
    "courses.without_names",
    "enrolment.addresses_of",
    "enrolment.new_email_of",
    "erasing.leaving",
    "erasing.plan_erasure",
    "erasing_tutors.plan_tutor_erasure",
    "erasing_tutors.texts_naming",
    "people.plan_merge",
    "people.suggest_kept",
    "figures.corrections",
    "figures.frozen_years",
    "figures.is_over",
}

# Write, and leave no event.
WITHOUT_EVENT = {
    "courses.add_ideas": "an idea is nobody's whom we know",
    "courses.count_votes": "an idea is nobody's whom we know",
    "courses.link_idea": "an idea is nobody's whom we know",
    "courses.merge_ideas": "an idea is nobody's whom we know",
    "courses.move_idea": "an idea is nobody's whom we know",
    "courses.propose_idea": "an idea is nobody's whom we know",
    "courses.purge_ideas": "an idea is nobody's whom we know",
    "courses.save_idea": "an idea is nobody's whom we know",
    "courses.show_ideas": "an idea is nobody's whom we know",
    "courses.count_idea": "counts tries of a network",
    "courses.count_opportunity_report": "counts tries of a network",
    "courses.check_opportunity": "an opportunity is no data about people",
    "courses.report_opportunity": "an opportunity is no data about people",
    "courses.save_opportunity": "an opportunity is no data about people",
    "courses.add_pages": "a page is no data about people",
    "courses.save_page": "a page is nobody's whom we know; the admin's log says who saved it",
    "courses.withdraw_story": "a story is nobody's whom we know, and bears the day itself",
    "courses.purge_stories": "a story is nobody's whom we know",
    "courses.copy_runs": "the catalogue is no data about people",
    "courses.delete_unused_portraits": "what no tutor has any more",
    "courses.delete_tutor": "the catalogue is no data about people",
    "courses.erase_tutor": "`enrolment.forget_tutor` goes with it, and leaves one",
    "courses.let_in_again": "stands in the tutor's own history",
    "courses.publish": "the catalogue is no data about people",
    "courses.save_college": "the college is no data about people",
    "courses.save_course": "the catalogue is no data about people",
    "courses.save_tutor": "the catalogue is no data about people",
    "enrolment.answer_link_requests": "the letter itself says when it was asked for",
    "enrolment.ask_for_page_link": "may be somebody whom we do not know",
    "enrolment.ask_for_new_email": "nothing has changed yet, and the letter says when it was asked",
    "enrolment.purge_new_emails": "an address, of a letter that stays",
    "enrolment.ask_to_be_told": "may be somebody whom we do not know",
    "enrolment.ask_question": "may be somebody whom we do not know",
    "enrolment.count_question": "counts tries of a network",
    "enrolment.count_interest": "counts tries of a network",
    "enrolment.end_interest": "the row itself is gone, and it was nobody's whom we know",
    "enrolment.keep_interest": "the person's own choice, which the row shows",
    "enrolment.close_page_link": "a link is closed by nobody whom we know",
    "enrolment.count_link_request": "counts tries of a network",
    "enrolment.count_new_email_name": "counts tries at one address",
    "enrolment.count_sign_up": "counts tries of a network",
    "enrolment.delete_draft": "nobody was told",
    "enrolment.save_message": "nobody is told yet, and the draft itself says who wrote it",
    "enrolment.purge_closed_links": "a hash that tells of nobody",
    "enrolment.purge_repeated_submissions": "an answer, not what somebody wrote",
    "enrolment.owe_reminders": "the letter itself says when it was owed",
    "enrolment.owe_code": "the letter itself says when it was owed",
    "enrolment.owe_invitation": "the letter itself says when it was owed",
    "enrolment.owe_password_link": "the letter itself says when it was owed",
    "enrolment.owe_sign_in_change": "the letter itself says when it was owed",
    "staff.choose_password": "their own choice, of which a letter tells",
    "enrolment.publish_run": "the catalogue is no data about people",
    "enrolment.overtake_untrue": "the letter itself says by what it was overtaken",
    "enrolment.purge_merged_keys": "a random key, whose student keeps the event of the merge",
    "enrolment.purge_link_requests": "an address of which nobody knows whose it is",
    "enrolment.purge_events": "the events themselves",
    "enrolment.purge_letter_texts": "the letter itself says when it was sent",
    "enrolment.purge_sessions": "who is signed in is no row that lasts",
    "enrolment.tell_of_erasure": "the letter itself says when it was owed",
    "enrolment.owe_certificate_letters": "the letter itself says when it was owed",
    "enrolment.take_back_certificate_letter": "the letter itself says when it was overtaken",
    "enrolment.owe_absence_letters": "the letter itself says when it was owed",
    "enrolment.take_back_absence_letters": "the letter itself says when it was overtaken",
    "certificates.write_to_absent": "the letter itself says when it was owed",
    "enrolment.remind_students": "the letter itself says when it was owed",
    "figures.freeze_finished_years": "numbers of groups, and no row about anybody",
    "inactive.tell_inactive": "the letter itself says when it was owed",
    "inactive.erase_inactive": "the row itself says when it was erased",
    "enrolment.renew_calendar_address": "the student's own choice, which takes nothing away",
    "enrolment.send_sample": "it is to whoever sends it, and tells of nobody",
    "enrolment.send_due": "the letter itself says when it was sent",
    "enrolment.send_once": "the letters themselves say when they were sent",
    "enrolment.use_language": "the student's own choice, which the enrolments show",
    "enrolment.work": "the letters themselves say when they were sent",
    "enrolment.owe_feedback_letters": "the letter itself says when it was owed",
    "certificates.answer": "no row tells who answered, or when: an event would",
    "certificates.was_answered": "counts how often one page was sent",
    "certificates.count_feedback": "counts tries of a network",
    "certificates.ask_for_feedback": "the letter itself says when it was owed",
    "certificates.close_feedback": "the row itself says when it was closed",
    "certificates.purge_feedback_words": "words of which nobody knows whose they are",
    "certificates.save_wordings": "the college's questions are no data about people",
    "certificates.offer_to_develop": "may be somebody whom we do not know",
    "certificates.count_offer": "counts tries of a network",
    "certificates.delete_offers": "a part of erasing somebody, which leaves one",
    "certificates.change_key": "the proofs, not the people",
    "certificates.check_key": "the key, not the people",
    "certificates.count_check": "counts tries of a network",
    "certificates.count_wrong_code": "counts tries of a network",
}


BY_STAFF, BY_NOBODY = True, False
ERASED = [
    ("withdrew", "enrolment", BY_STAFF),
    ("erased", "student", BY_STAFF),
    ("got_place", "enrolment", BY_NOBODY),
]
VERBS: list[tuple[str, Callable[[Scene], Done], list[tuple[str, str, bool]]]] = [
    ("enrolment.enrol", verbs_of_enrolment.enrol, [("enrolled", "enrolment", BY_STAFF)]),
    (
        "enrolment.withdraw",
        verbs_of_enrolment.withdraw,
        [("withdrew", "enrolment", BY_STAFF), ("got_place", "enrolment", BY_NOBODY)],
    ),
    (
        "enrolment.undo_withdrawal",
        verbs_of_enrolment.undo_withdrawal,
        [("enrolled", "enrolment", BY_STAFF)],
    ),
    (
        "enrolment.give_up_companion",
        verbs_of_enrolment.give_up_companion,
        [("gave_up_companion", "enrolment", BY_STAFF)],
    ),
    (
        "enrolment.set_capacity",
        verbs_of_enrolment.set_capacity,
        [("changed_capacity", "courserun", BY_STAFF), ("got_place", "enrolment", BY_NOBODY)],
    ),
    (
        "enrolment.fill_queue",
        verbs_of_enrolment.fill_queue,
        [("got_place", "enrolment", BY_NOBODY)],
    ),
    (
        "enrolment.record_call",
        verbs_of_enrolment.record_call,
        [("called", "enrolment", BY_STAFF), ("got_place", "enrolment", BY_STAFF)],
    ),
    (
        "enrolment.reopen_call",
        verbs_of_enrolment.reopen_call,
        [("reopened_call", "enrolment", BY_STAFF)],
    ),
    ("enrolment.cancel_run", verbs_of_enrolment.cancel_run, [("cancelled", "courserun", BY_STAFF)]),
    (
        "enrolment.announce_change",
        verbs_of_enrolment.announce_change,
        [("changed_programme", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.back_to_draft",
        verbs_of_enrolment.back_to_draft,
        [("back_to_draft", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.move_run",
        verbs_of_enrolment.move_run,
        [("changed_programme", "courserun", BY_STAFF), ("moved", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.save_run",
        verbs_of_enrolment.change_entry,
        [("changed_entry", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.save_run",
        verbs_of_enrolment.move_silently,
        [("changed_silently", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.save_run",
        verbs_of_enrolment.cancel_session,
        [
            ("cancelled_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    (
        "enrolment.save_venue",
        verbs_of_enrolment.move_venue,
        [("changed_programme", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.save_run",
        partial(verbs_of_enrolment.cancel_session, is_cancelled=False),
        [
            ("restored_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    (
        "enrolment.stand_in",
        verbs_of_enrolment.put_in_front("stand_in"),
        [("substituted", "coursesession", BY_STAFF)],
    ),
    (
        "enrolment.record_absence",
        verbs_of_enrolment.put_in_front("record_absence"),
        [("absent", "coursesession", BY_STAFF)],
    ),
    (
        "enrolment.hand_over",
        verbs_of_enrolment.put_in_front("hand_over"),
        [("handed_over", "courserun", BY_STAFF)],
    ),
    (
        "enrolment.end_substitution",
        verbs_of_enrolment.put_in_front("end_substitution"),
        [("took_back_substitute", "coursesession", BY_STAFF)],
    ),
    (
        "enrolment.merge_students",
        verbs_of_certificates.merge_students,
        [
            ("merged_place", "enrolment", BY_STAFF),
            ("merged", "student", BY_STAFF),
            ("got_place", "enrolment", BY_NOBODY),
        ],
    ),
    (
        "certificates.merge_taken_part",
        verbs_of_certificates.merge_taken_part,
        [("revoked", "certificate", BY_STAFF)],
    ),
    (
        "enrolment.forget_tutor",
        verbs_of_certificates.forget_tutor,
        [("erased", "tutor", BY_STAFF)],
    ),
    (
        "erasing_tutors.erase_tutor",
        verbs_of_certificates.erase_tutor,
        [("erased", "tutor", BY_STAFF)],
    ),
    ("enrolment.erase_student", verbs_of_certificates.erase_student, ERASED),
    ("erasing.erase", verbs_of_certificates.erase(recoverycollege.people.erasing.erase), ERASED),
    (
        "erasing.erase_all",
        verbs_of_certificates.erase(recoverycollege.people.erasing.erase_all),
        ERASED,
    ),
    ("staff.invite", verbs_of_staff.invite, [("invited_staff", "user", BY_STAFF)]),
    ("staff.invite_again", verbs_of_staff.invite_again, [("invited_staff", "user", BY_STAFF)]),
    ("staff.change_staff", verbs_of_staff.change_staff, [("changed_staff", "user", BY_STAFF)]),
    (
        "staff.take_access_away",
        verbs_of_staff.take_access_away,
        [("ended_access", "user", BY_STAFF)],
    ),
    (
        "staff.forget_second_factor",
        verbs_of_staff.forget_second_factor,
        [("forgot_second_factor", "user", BY_STAFF)],
    ),
    ("people.merge", verbs_of_certificates.merge, [("merged", "student", BY_STAFF)]),
    (
        "enrolment.change_contact",
        verbs_of_enrolment.change_contact,
        [("changed_contact", "student", BY_STAFF)],
    ),
    (
        "enrolment.correct_own",
        verbs_of_enrolment.correct_own,
        [("changed_contact", "student", BY_NOBODY)],
    ),
    (
        "enrolment.confirm_new_email",
        verbs_of_enrolment.confirm_new_email,
        [("changed_contact", "student", BY_NOBODY)],
    ),
    (
        "enrolment.mark_arranged",
        verbs_of_enrolment.mark_arranged(is_arranged=True),
        [("arranged", "adjustment", BY_STAFF)],
    ),
    (
        "enrolment.mark_arranged",
        verbs_of_enrolment.mark_arranged(is_arranged=False),
        [("not_arranged", "adjustment", BY_STAFF)],
    ),
    *(
        (
            "enrolment.record_letter_outcomes",
            verbs_of_enrolment.record_letter_outcomes(outcome),
            [(f"letter_{outcome}", "letter", BY_STAFF)] * 2,
        )
        for outcome in Letter.Outcome
    ),
    (
        "enrolment.take_back_letter_outcomes",
        verbs_of_enrolment.take_back_letter_outcomes,
        [("took_back_letter", "letter", BY_STAFF)],
    ),
    (
        "enrolment.send_all_again",
        verbs_of_enrolment.send_all_again,
        [("sent_again", "letter", BY_STAFF)],
    ),
    ("enrolment.send_again", verbs_of_enrolment.send_again, [("sent_again", "letter", BY_STAFF)]),
    (
        "enrolment.send_message",
        verbs_of_enrolment.send_message,
        [("sent_message", "message", BY_STAFF)],
    ),
    (
        "enrolment.keep_student",
        verbs_of_enrolment.keep_student,
        [("kept", "student", BY_STAFF)],
    ),
    (
        "enrolment.purge_messages",
        verbs_of_enrolment.purge_messages,
        [("purged", "message", BY_NOBODY)],
    ),
    (
        "enrolment.end_interests_at",
        verbs_of_enrolment.end_interests_at,
        [("ended_interest", "interest", BY_STAFF)],
    ),
    (
        "enrolment.mark_answered",
        verbs_of_enrolment.mark_answered(is_answered=True),
        [("answered", "question", BY_STAFF)],
    ),
    (
        "enrolment.mark_answered",
        verbs_of_enrolment.mark_answered(is_answered=False),
        [("not_answered", "question", BY_STAFF)],
    ),
    (
        "enrolment.purge_questions",
        verbs_of_enrolment.purge_questions,
        [("purged", "question", BY_NOBODY)],
    ),
    (
        "enrolment.purge_interests",
        verbs_of_enrolment.purge_interests,
        [("purged", "interest", BY_NOBODY)],
    ),
    (
        "enrolment.purge_adjustments",
        verbs_of_enrolment.purge_adjustments,
        [("purged", "adjustment", BY_NOBODY)],
    ),
    (
        "certificates.save_register",
        verbs_of_certificates.save_register(Mark.UNMARKED, Mark.PRESENT),
        [("marked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_register",
        verbs_of_certificates.save_register(Mark.PRESENT, Mark.ABSENT),
        [("marked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_register",
        verbs_of_certificates.save_register(Mark.ABSENT, Mark.UNMARKED),
        [("unmarked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_programme",
        verbs_of_enrolment.cancel_on_programme,
        [
            ("cancelled_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    (
        "certificates.add_walk_in",
        verbs_of_certificates.add_walk_in,
        [("turned_up", "attendance", BY_STAFF)],
    ),
    (
        "certificates.set_headcount",
        verbs_of_certificates.set_headcount,
        [("counted", "coursesession", BY_STAFF)],
    ),
    (
        "certificates.make_code",
        verbs_of_certificates.make_code,
        [("made_code", "sessioncode", BY_STAFF)],
    ),
    ("certificates.claim", verbs_of_certificates.claim, [("claimed", "certificate", BY_NOBODY)]),
    ("certificates.issue", verbs_of_certificates.issue, [("issued", "certificate", BY_STAFF)]),
    (
        "certificates.issue_by_name",
        verbs_of_certificates.issue_by_name,
        [("issued", "certificate", BY_STAFF)],
    ),
    (
        "certificates.reissue",
        verbs_of_certificates.reissue,
        [("replaced", "certificate", BY_STAFF), ("issued", "certificate", BY_STAFF)],
    ),
    ("certificates.revoke", verbs_of_certificates.revoke, [("revoked", "certificate", BY_STAFF)]),
    (
        "certificates.purge_old_names",
        verbs_of_certificates.purge_old_names,
        [("purged", "certificate", BY_NOBODY)],
    ),
    (
        "certificates.make_feedback",
        verbs_of_certificates.make_feedback,
        [("made_feedback", "feedback", BY_STAFF)],
    ),
    (
        "certificates.remove_words",
        verbs_of_certificates.remove_words,
        [("removed_words", "feedback", BY_STAFF)],
    ),
    (
        "certificates.mark_offer_done",
        verbs_of_certificates.mark_offer_done(is_done=True),
        [("spoken_with", "developeroffer", BY_STAFF)],
    ),
    (
        "certificates.mark_offer_done",
        verbs_of_certificates.mark_offer_done(is_done=False),
        [("not_spoken_with", "developeroffer", BY_STAFF)],
    ),
    (
        "certificates.purge_offers",
        verbs_of_certificates.purge_offers,
        [("purged", "developeroffer", BY_NOBODY)],
    ),
    (
        "certificates.erase_name",
        verbs_of_certificates.erase_name,
        [("purged", "certificate", BY_NOBODY)],
    ),
]


def test_every_function_of_the_services_has_a_line() -> None:
    public = {
        f"{app}.{name}"
        for app, module in SERVICES.items()
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    }
    listed = QUESTIONS | WITHOUT_EVENT.keys() | {name for name, _prepare, _events in VERBS}
    assert public == listed, (
        "Give the new function a line in VERBS with its events; in WITHOUT_EVENT with the reason; "
        "or in QUESTIONS if it writes nothing."
    )


# Leave an event, and happen at no moment but the present.
ONLY_NOW = {
    "certificates.erase_name",  # what was there is gone from now on
    "enrolment.end_interests_at",
    "enrolment.record_letter_outcomes",  # as a letter is sent: now
    "enrolment.send_again",
    "enrolment.send_all_again",
    "enrolment.take_back_letter_outcomes",
}


def test_every_verb_takes_the_moment_it_happens_at() -> None:
    without = set()
    for name in {name for name, _prepare, _events in VERBS}:
        app, _dot, function = name.partition(".")
        now = inspect.signature(getattr(SERVICES[app], function)).parameters.get("now")
        if now is None or now.kind != now.KEYWORD_ONLY:
            without.add(name)
    assert without == ONLY_NOW, (
        "A verb that leaves an event takes `now`, the present if not given: the demo college's "
        "history is made by the verbs themselves."
    )


def test_every_event_has_its_verb() -> None:
    labels = {*enrolment.event_labels.EVENT_LABELS, *certificates.event_labels.EVENT_LABELS}
    assert {verb for *_rest, events in VERBS for verb, _subject, _by in events} == labels


@pytest.mark.parametrize(
    ("prepare", "events"),
    [pytest.param(prepare, events, id=f"{name}-{events[0][0]}") for name, prepare, events in VERBS],
)
def test_verb_leaves_its_events(
    prepare: Callable[[Scene], Done], events: list[tuple[str, str, bool]]
) -> None:
    scene = Scene()
    done = prepare(scene)
    before = set(Event.objects.values_list("pk", flat=True))

    rows = done()

    left = Event.objects.exclude(pk__in=before).order_by("pk")
    assert [(each.verb, each.subject, each.subject_id, each.actor) for each in left] == [
        (verb, subject, row.pk, scene.by if is_by_staff else None)
        for (verb, subject, is_by_staff), row in zip(events, rows, strict=True)
    ]
