"""What this app keeps about people, and for how long; see `courses.personal_data`."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.personal_data import (
    COORDINATORS,
    NOBODY_SEES,
    STUDENTS,
    STUDENTS_AND_STAFF,
    Kept,
    after_days,
    after_hours,
    after_years,
)
from enrolment import services

# Events come first: each of the others may leave one.
KEPT = [
    Kept(
        what=_("Events: who did what to which row"),
        whose=STUDENTS_AND_STAFF,
        why=_("To find out afterwards what happened, and who did it. No name is written there."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext("Deleted after %(years)s.") % {"years": after_years(settings.EVENT_YEARS)}
        ),
        columns={"enrolment.Event": ("actor", "verb", "subject", "subject_id")},
        purge=services.purge_events,
    ),
    Kept(
        what=_("What letters said"),
        whose=_("students, tutors and interested people"),
        why=_("To see what somebody was told."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext(
                "The words are deleted %(days)s after the letter was sent. That there was a "
                "letter, and when, stays until the person is erased."
            )
            % {"days": after_days(settings.LETTER_TEXT_DAYS)}
        ),
        columns={
            "enrolment.Letter": (
                *("student", "tutor", "user", "interest", "enrolment", "message"),
                *("subject", "text", "before", "last_error"),
            )
        },
        purge=services.purge_letter_texts,
        is_told=True,
    ),
    Kept(
        what=_("Addresses of letters about a new e-mail address"),
        whose=STUDENTS,
        why=_("To have a new address confirmed, and to tell the old one."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext("Deleted after %(days)s.") % {"days": after_days(settings.NEW_EMAIL_DAYS)}
        ),
        columns={"enrolment.Letter": ("address",)},
        purge=services.purge_new_emails,
    ),
    Kept(
        what=_("Messages that staff write to people on a course"),
        whose=STUDENTS_AND_STAFF,
        why=_("To tell what has to be told about the course."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext("The words are deleted %(days)s after the last session.")
            % {"days": after_days(settings.MESSAGE_DAYS)}
        ),
        columns={"enrolment.Message": ("text", "enrolment", "written_by")},
        purge=services.purge_messages,
        is_told=True,
    ),
    Kept(
        what=_("What you want us to arrange"),
        whose=STUDENTS,
        why=_("So that the course can be followed. May tell about health: never asked for more."),
        seen_by=_("coordinators, and the tutors of the course"),
        until=lambda: (
            gettext("Deleted %(days)s after the last session.")
            % {"days": after_days(settings.ADJUSTMENT_DAYS)}
        ),
        columns={"enrolment.Adjustment": ("enrolment", "text")},
        purge=services.purge_adjustments,
        is_told=True,
    ),
    Kept(
        what=_("Your municipality, and whether you want news of courses, if you have told us"),
        whose=STUDENTS,
        why=_("To count how many come from each municipality. To tell of new courses if you wish."),
        seen_by=COORDINATORS,
        until=lambda: gettext("Erased with your name, or when you take it out on «My page»."),
        columns={"enrolment.Student": ("municipality", "wants_news")},
        is_told=True,
    ),
    Kept(
        what=_("What you signed up for"),
        whose=STUDENTS_AND_STAFF,
        why=_("To give places in the order people sign up, and to count for the owners."),
        seen_by=_("coordinators, and the tutors of the course for a while"),
        until=lambda: gettext("Stays without a name when the person is erased."),
        columns={"enrolment.Enrolment": ("student", "registered_by", "merged_into")},
        is_told=True,
    ),
    Kept(
        what=_("Wishes to be told when a course is held again"),
        whose=_("interested people"),
        why=_("To tell them once."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext(
                "Deleted %(days)s after we have told you; after %(years)s if the course is not "
                "held again."
            )
            % {
                "days": after_days(settings.INTEREST_TOLD_DAYS),
                "years": after_years(settings.INTEREST_YEARS),
            }
        ),
        columns={"enrolment.Interest": ("name", "email", "phone", "key")},
        purge=services.purge_interests,
        is_told=True,
    ),
    Kept(
        what=_("Questions you ask us on the web"),
        whose=_("anybody who asks"),
        why=_("To answer them."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext(
                "Deleted %(answered)s after we have answered; %(asked)s after they were asked at "
                "the latest."
            )
            % {
                "answered": after_days(settings.QUESTION_ANSWERED_DAYS),
                "asked": after_days(settings.QUESTION_DAYS),
            }
        ),
        columns={"enrolment.Question": ("text", "contact", "answered_by")},
        purge=services.purge_questions,
        is_told=True,
    ),
    Kept(
        what=_("Answers to repeated sign-ups"),
        whose=STUDENTS,
        why=_("So that sending a form twice gives the same answer, and tells nobody more."),
        seen_by=NOBODY_SEES,
        until=lambda: (
            gettext("Deleted after %(hours)s.") % {"hours": after_hours(settings.CHECK_PAGE_HOURS)}
        ),
        columns={"enrolment.RepeatedSubmission": ("enrolment",)},
        purge=services.purge_repeated_submissions,
    ),
    Kept(
        what=_("Links that were closed"),
        whose=STUDENTS,
        why=_("So that a link closed on a borrowed computer opens nothing."),
        seen_by=NOBODY_SEES,
        until=lambda: gettext("Deleted after %(days)s.") % {"days": after_days(settings.LINK_DAYS)},
        columns={"enrolment.ClosedLink": ("token_hash",)},
        purge=services.purge_closed_links,
    ),
    Kept(
        what=_("Keys of records that became part of another"),
        whose=STUDENTS,
        why=_("So that links in older letters still open the page."),
        seen_by=NOBODY_SEES,
        until=lambda: (
            gettext(
                "Deleted after %(days)s. Addresses of calendars last until the person is erased."
            )
            % {"days": after_days(settings.LINK_DAYS)}
        ),
        columns={"enrolment.MergedKey": ("student", "key")},
        purge=services.purge_merged_keys,
    ),
    Kept(
        what=_("Numbers of records that became part of another"),
        whose=STUDENTS,
        why=_("So that they are erased with it, also where a backup brings them back."),
        seen_by=NOBODY_SEES,
        until=lambda: gettext("Kept for good: a number and a time, and no name."),
        columns={"enrolment.MergedRecord": ("student", "number", "made_at")},
    ),
    Kept(
        what=_("Addresses that a link to «My page» was asked for"),
        whose=_("anybody who asks for a link"),
        why=_("To send the link, if we know the address."),
        seen_by=NOBODY_SEES,
        until=lambda: (
            gettext("Deleted as soon as the link is sent, after %(hours)s at the latest.")
            % {"hours": after_hours(settings.LINK_REQUEST_HOURS)}
        ),
        columns={"enrolment.LinkRequest": ("contact",)},
        purge=services.purge_link_requests,
    ),
    Kept(
        what=_("Who is signed in just now"),
        whose=STUDENTS_AND_STAFF,
        why=_("To show people their own pages."),
        seen_by=NOBODY_SEES,
        until=lambda: (
            gettext("Ends after %(hours)s at the latest, and is deleted the night after.")
            % {"hours": after_hours(settings.SESSION_COOKIE_AGE // 3600)}
        ),
        columns={"sessions.Session": ("session_data",)},
        purge=services.purge_sessions,
    ),
]
