"""Verbs that write who takes part. Call them qualified: `services.enrol(...)`.

A verb that writes a moment, or judges by one, takes `now`: the present if not given.
"""

from enrolment.services.delivery import send_due
from enrolment.services.errors import (
    CapacityBelowPlaces,
    ChangeNeedsTelling,
    EnrolmentClosed,
    EnrolmentError,
    HasBegun,
    HasEnrolments,
    MessageChanged,
    MessageSent,
    NobodyToTell,
    NoRoom,
    NoSessionLeft,
    NotLive,
    NotNextInQueue,
    NotOpenYet,
    OnePlaceLeft,
    QueueFillsByItself,
    RunCancelled,
    RunFinished,
    RunIsDraft,
    RunStarted,
    SessionIsKnown,
)
from enrolment.services.letter_outcomes import record_letter_outcomes, send_again, send_all_again
from enrolment.services.messages import (
    check_can_be_told,
    delete_draft,
    save_message,
    send_message,
)
from enrolment.services.overtaken_letters import overtake_untrue
from enrolment.services.page_links import (
    answer_link_requests,
    ask_for_page_link,
    close_page_link,
    renew_calendar_address,
)
from enrolment.services.places import give_up_companion, withdraw
from enrolment.services.publishing import publish_run
from enrolment.services.queue import fill_queue, record_call, reopen_call, set_capacity
from enrolment.services.rates import asked_to_wait, count_link_request, count_sign_up
from enrolment.services.retention import (
    purge_adjustments,
    purge_closed_links,
    purge_link_requests,
    purge_messages,
    purge_repeated_submissions,
)
from enrolment.services.run_changes import (
    Announcement,
    RunEdit,
    SavedRun,
    SessionEdit,
    TutorEdit,
    save_run,
)
from enrolment.services.runs import (
    announce_change,
    back_to_draft,
    cancel_run,
    check_can_be_cancelled,
    check_can_be_draft,
)
from enrolment.services.sign_up import (
    Answer,
    Outcome,
    Person,
    WhenOneLeft,
    check_open,
    enrol,
    undo_withdrawal,
)
from enrolment.services.students import change_contact, mark_arranged, use_language
from enrolment.services.telling import Telling, telling, telling_of
from enrolment.services.tutor_letters import owe_reminders
from enrolment.services.venues import save_venue
from enrolment.services.workers import last_seen_worker, send_once, work

__all__ = [
    "Announcement",
    "Answer",
    "CapacityBelowPlaces",
    "ChangeNeedsTelling",
    "EnrolmentClosed",
    "EnrolmentError",
    "HasBegun",
    "HasEnrolments",
    "MessageChanged",
    "MessageSent",
    "NoRoom",
    "NoSessionLeft",
    "NobodyToTell",
    "NotLive",
    "NotNextInQueue",
    "NotOpenYet",
    "OnePlaceLeft",
    "Outcome",
    "Person",
    "QueueFillsByItself",
    "RunCancelled",
    "RunEdit",
    "RunFinished",
    "RunIsDraft",
    "RunStarted",
    "SavedRun",
    "SessionEdit",
    "SessionIsKnown",
    "Telling",
    "TutorEdit",
    "WhenOneLeft",
    "announce_change",
    "answer_link_requests",
    "ask_for_page_link",
    "asked_to_wait",
    "back_to_draft",
    "cancel_run",
    "change_contact",
    "check_can_be_cancelled",
    "check_can_be_draft",
    "check_can_be_told",
    "check_open",
    "close_page_link",
    "count_link_request",
    "count_sign_up",
    "delete_draft",
    "enrol",
    "fill_queue",
    "give_up_companion",
    "last_seen_worker",
    "mark_arranged",
    "overtake_untrue",
    "owe_reminders",
    "publish_run",
    "purge_adjustments",
    "purge_closed_links",
    "purge_link_requests",
    "purge_messages",
    "purge_repeated_submissions",
    "record_call",
    "record_letter_outcomes",
    "renew_calendar_address",
    "reopen_call",
    "save_message",
    "save_run",
    "save_venue",
    "send_again",
    "send_all_again",
    "send_due",
    "send_message",
    "send_once",
    "set_capacity",
    "telling",
    "telling_of",
    "undo_withdrawal",
    "use_language",
    "withdraw",
    "work",
]
