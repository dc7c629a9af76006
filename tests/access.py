"""Who is answered what at every address of the portal: the table of access.

`tests/test_access.py` opens every address as every visitor. An address without a row fails there:
add it to the pages of its kind. Prefixes of languages change nothing and are left out.
"""

VISITORS = ("anonymous", "student", "other_tutor", "tutor", "staff_owner", "coordinator")

OPEN = "open"  # 200
ONWARD = "onward"  # to another page
NOT_FOUND = "not found"  # 404: strangers are not told that there is such a page
FORBIDDEN = "forbidden"  # 403: staff without the permission
STAFF_SIGN_IN = "staff sign-in"  # to the page where staff sign in
STUDENT_SIGN_IN = "student sign-in"  # to the page where students ask for their link
WRONG_METHOD = "wrong method"  # 405: a button, or a page that takes none

REFUSED = (NOT_FOUND, FORBIDDEN, STAFF_SIGN_IN, STUDENT_SIGN_IN)

Answers = tuple[str, str, str, str, str, str]  # in the order of VISITORS

EVERYBODY: Answers = (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN)
NOBODY: Answers = (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND)
EVERYBODY_ONWARD: Answers = (ONWARD, ONWARD, ONWARD, ONWARD, ONWARD, ONWARD)
BUTTON: Answers = (
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
)

OWN_PAGE: Answers = (
    STUDENT_SIGN_IN,
    OPEN,
    STUDENT_SIGN_IN,
    STUDENT_SIGN_IN,
    STUDENT_SIGN_IN,
    STUDENT_SIGN_IN,
)
OWN_FILE: Answers = (NOT_FOUND, OPEN, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND)

SIGN_IN: Answers = (OPEN, OPEN, ONWARD, ONWARD, ONWARD, ONWARD)
IN_BETWEEN: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, ONWARD, ONWARD, ONWARD, ONWARD)
NOT_SET_UP: Answers = (
    STAFF_SIGN_IN,
    STAFF_SIGN_IN,
    NOT_FOUND,
    NOT_FOUND,
    NOT_FOUND,
    NOT_FOUND,
)
SIGNED_IN: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, OPEN, OPEN, OPEN, OPEN)
RUN: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, OPEN, NOT_FOUND, OPEN)
RUN_ONWARD: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, ONWARD, NOT_FOUND, ONWARD)
RUN_BUTTON: Answers = (
    STAFF_SIGN_IN,
    STAFF_SIGN_IN,
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
    WRONG_METHOD,
)

# Where the college shows its figures to nobody else.
FIGURES: Answers = (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, OPEN, OPEN)

# The admin: nobody but staff finds anything.
STAFF: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, NOT_FOUND, OPEN, OPEN)
STAFF_ONWARD: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, NOT_FOUND, ONWARD, ONWARD)
COORDINATOR: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, NOT_FOUND, FORBIDDEN, OPEN)
COORDINATOR_ONWARD: Answers = (
    STAFF_SIGN_IN,
    STAFF_SIGN_IN,
    NOT_FOUND,
    NOT_FOUND,
    FORBIDDEN,
    ONWARD,
)
NO_STAFF: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, NOT_FOUND, FORBIDDEN, FORBIDDEN)
NOWHERE: Answers = (STAFF_SIGN_IN, STAFF_SIGN_IN, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND)

# What Django's admin has for every model, and `row`, which leads on to `change`.
STANDARD_PAGES = ("changelist", "add", "history", "delete", "change")
EDITED = (COORDINATOR, COORDINATOR, COORDINATOR, COORDINATOR, COORDINATOR)
PEOPLE = (COORDINATOR, NO_STAFF, NOWHERE, NO_STAFF, COORDINATOR)
ADMIN_MODELS: dict[str, tuple[Answers, Answers, Answers, Answers, Answers]] = {
    # There is one college: its list leads to it, and there is no second.
    "courses_college": (COORDINATOR_ONWARD, NO_STAFF, COORDINATOR, NO_STAFF, COORDINATOR),
    "courses_partner": EDITED,
    "courses_venue": EDITED,
    "courses_topic": EDITED,
    "courses_schoolholiday": EDITED,
    "courses_idea": EDITED,
    "courses_opportunity": EDITED,
    "courses_page": EDITED,
    "courses_semester": EDITED,
    "courses_tutor": EDITED,
    "courses_annualreport": (COORDINATOR, COORDINATOR, COORDINATOR, NO_STAFF, COORDINATOR),
    "courses_course": EDITED,
    # The run that is opened is published: it is not deleted any more.
    "courses_courserun": (COORDINATOR, COORDINATOR, COORDINATOR, NO_STAFF, COORDINATOR),
    "enrolment_student": PEOPLE,
    "enrolment_enrolment": PEOPLE,
    "enrolment_adjustment": PEOPLE,
    "enrolment_letter": PEOPLE,
    "enrolment_question": PEOPLE,
    "enrolment_event": PEOPLE,
    "certificates_certificate": PEOPLE,
    "certificates_developeroffer": PEOPLE,
}

# What browsers may keep, if only to ask whether it is still the same. Nothing else is kept.
MAY_BE_KEPT = {
    "picture",
    "colours",
    "front_page",
    "catalogue",
    "catalogue_calendar",
    "course",
    "run_calendar",
    "first_time",
    "semester",
    "semester_calendar",
    "poster",
    "prospectus",
    "new_runs",
    "robots",
    "sitemap",
    "privacy",
    "accessibility",
    "opportunities",
    "opportunity_reported",
    "page",
    "page_file",
    "stories",
    "sign_up",  # the empty form: going back finds the answers
}

ACCESS: dict[str, Answers] = {
    # Public pages
    "healthz": EVERYBODY,
    "status_api": NOBODY,  # but for a program with its token
    "picture": EVERYBODY,
    "colours": EVERYBODY,
    "front_page": EVERYBODY,
    "catalogue": EVERYBODY,
    "catalogue_calendar": EVERYBODY,
    "course": EVERYBODY,
    "run_calendar": EVERYBODY,
    "first_time": EVERYBODY,
    "semester": EVERYBODY,
    "semester_calendar": EVERYBODY,
    "new_runs": EVERYBODY,
    "robots": EVERYBODY,
    "sitemap": EVERYBODY,
    "privacy": EVERYBODY,
    "accessibility": EVERYBODY,
    "opportunities": EVERYBODY,
    "opportunity_report": BUTTON,
    "opportunity_reported": EVERYBODY,
    "page": EVERYBODY,
    "page_file": EVERYBODY,
    "stories": EVERYBODY,
    "propose_idea": EVERYBODY,
    "idea_proposed": EVERYBODY,
    "my_programme": EVERYBODY,
    "poster": EVERYBODY,
    "prospectus": EVERYBODY,
    "sign_up": EVERYBODY,
    "sign_up_receipt": EVERYBODY,
    "interest_ask": EVERYBODY,
    "interest_asked": EVERYBODY,
    "ask_us": EVERYBODY,
    "question_asked": EVERYBODY,
    "course_question": EVERYBODY,
    "course_question_asked": EVERYBODY,
    "feedback": EVERYBODY,
    "feedback_thanks": EVERYBODY,
    "developer_offer": EVERYBODY,
    "developer_offered": EVERYBODY,
    "claim": EVERYBODY,
    "claimed": EVERYBODY,
    "claimed_pdf": EVERYBODY,
    "verify": EVERYBODY,
    # Figures; public ones only where the college wants it, and of years that are over
    "figures": FIGURES,
    "annual_report": FIGURES,
    "annual_report_pdf": FIGURES,
    "figures_xlsx": FIGURES,
    "figures_csv": FIGURES,
    # What a link in a letter opens for whoever holds it
    "my_page_sign_in": EVERYBODY,
    "my_new_email": EVERYBODY,
    "interest": EVERYBODY,
    "withdraw": EVERYBODY,
    "keep_me": EVERYBODY,
    "calendar": EVERYBODY,
    "my_calendar": EVERYBODY,
    # The student's page; without a student, it asks how we know them
    "my_page": EVERYBODY,
    "my_link": EVERYBODY,
    "my_link_asked": EVERYBODY,
    "my_sign_out": BUTTON,
    "my_calendar_renew": BUTTON,
    "my_companion": OWN_PAGE,
    "my_letters": OWN_PAGE,
    "my_details": OWN_PAGE,
    "my_data": OWN_PAGE,
    "my_data_file": OWN_FILE,
    "my_erasure": OWN_PAGE,
    "my_erased": EVERYBODY,
    "my_certificates": OWN_PAGE,
    "my_certificates_pdf": OWN_FILE,
    "my_certificate": OWN_FILE,
    # Staff sign-in
    "sign_in": SIGN_IN,
    "account_login": SIGN_IN,
    "account_request_login_code": SIGN_IN,
    "account_confirm_login_code": EVERYBODY_ONWARD,  # nobody has asked for a code
    "mfa_authenticate": IN_BETWEEN,
    "mfa_trust": IN_BETWEEN,
    "forgotten": EVERYBODY,
    "forgotten_sent": EVERYBODY,
    "choose_password": EVERYBODY,  # what a link in a letter opens
    "password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # Nobody has set up the app.
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_view_recovery_codes": NOT_SET_UP,
    "mfa_deactivate_totp": NOT_SET_UP,
    "mfa_reauthenticate": IN_BETWEEN,
    "sign_out": BUTTON,
    # The tutors' pages
    "tutor_runs": SIGNED_IN,
    "tutor_guides": SIGNED_IN,
    "tutor_guide": SIGNED_IN,
    # Whoever is no tutor has nothing to see there.
    "tutor_data": (STAFF_SIGN_IN, STAFF_SIGN_IN, OPEN, OPEN, ONWARD, ONWARD),
    "tutor_data_file": (STAFF_SIGN_IN, STAFF_SIGN_IN, OPEN, OPEN, NOT_FOUND, NOT_FOUND),
    "tutor_register": RUN,
    "tutor_contacts": RUN,
    "course_file": RUN,
    "tutor_sheet": RUN,
    "register_paper": RUN,
    "register_file": RUN_BUTTON,
    "participants_paper": RUN,
    "name_badges": RUN,
    "session_code_paper": RUN,
    "tutor_certificates": RUN,
    "tutor_certificates_pdf": RUN,
    "tutor_names": RUN,
    "tutor_session_code": RUN,
    "tutor_session_code_poster": RUN,
    "tutor_feedback": RUN,
    "tutor_feedback_poster": RUN,
    "tutor_feedback_questions": RUN,
    "tutor_feedback_paper": RUN_ONWARD,  # the last session is to come
    "tutor_feedback_remove": RUN_BUTTON,
    "tutor_certificate": RUN,
    "tutor_certificates_renew": RUN_BUTTON,
    "tutor_certificate_correct": RUN,
    "tutor_certificate_withdraw": RUN,
    "certificate_preview": COORDINATOR,
    "certificate_preview_pdf": COORDINATOR,
    # The admin's own pages; the index lists what one has the permission for
    "admin:index": STAFF,
    "admin:app_list": STAFF_ONWARD,
    "admin:login": (
        STAFF_SIGN_IN,
        STAFF_SIGN_IN,
        NOT_FOUND,
        NOT_FOUND,
        STAFF_SIGN_IN,
        STAFF_SIGN_IN,
    ),
    "admin:logout": (ONWARD, ONWARD, ONWARD, ONWARD, WRONG_METHOD, WRONG_METHOD),
    "admin:password_change": STAFF_ONWARD,
    "admin:password_change_done": STAFF,
    "admin:jsi18n": STAFF,
    "admin:autocomplete": NO_STAFF,  # without a field that it is for
    "admin:view_on_site": NOWHERE,
    "admin:unknown": NOWHERE,
    # The admin's pages about runs and people
    "admin:run_people": COORDINATOR,
    "admin:run_programme": COORDINATOR,
    "admin:run_messages": COORDINATOR,
    "admin:run_papers": COORDINATOR,
    "admin:run_participants_file": COORDINATOR_ONWARD,  # taken by a button of the run's page
    "admin:run_cancel": COORDINATOR,
    "admin:run_to_draft": COORDINATOR_ONWARD,  # somebody has signed up
    "admin:run_copy": COORDINATOR,
    "admin:run_history": COORDINATOR,
    "admin:run_move": COORDINATOR,
    "admin:publish_semester": COORDINATOR,
    "admin:semester_pairs": COORDINATOR,
    "admin:tutor_courses": COORDINATOR,
    "admin:run_pattern": COORDINATOR,
    "admin:copy_semester": COORDINATOR,
    "admin:run_substitute": COORDINATOR,
    "admin:run_hand_over": COORDINATOR,
    "admin:run_end_substitution": COORDINATOR_ONWARD,
    "admin:message_to_run": COORDINATOR,
    "admin:message_to_one": COORDINATOR,
    "admin:message": COORDINATOR,
    "admin:message_change": COORDINATOR,
    "admin:message_delete": COORDINATOR,
    "admin:phone_sign_up": COORDINATOR_ONWARD,  # it has begun
    "admin:search": COORDINATOR,
    "admin:study_subsidy": COORDINATOR,
    "admin:study_subsidy_file": COORDINATOR_ONWARD,  # taken by a button of that page
    "admin:staff": COORDINATOR,
    "admin:staff_invite": COORDINATOR,
    "admin:staff_change": COORDINATOR,
    "admin:staff_invite_again": COORDINATOR_ONWARD,
    "admin:staff_end_access": COORDINATOR,
    "admin:staff_forget_factor": COORDINATOR,
    "admin:guides": COORDINATOR,
    "admin:status": COORDINATOR,
    "admin:guide": COORDINATOR,
    "admin:college_preview": COORDINATOR,
    "admin:sample_letter": COORDINATOR_ONWARD,
    "admin:merge_choose": COORDINATOR,
    "admin:merge": COORDINATOR,
    "admin:student_data": COORDINATOR,
    "admin:student_data_file": COORDINATOR,
    "admin:tutor_data": COORDINATOR,
    "admin:tutor_erase": COORDINATOR,
    "admin:tutor_data_file": COORDINATOR,
    "admin:erase": COORDINATOR,
    "admin:erase_several": COORDINATOR_ONWARD,
    "admin:receipt": COORDINATOR,
    "admin:call_outcome": COORDINATOR_ONWARD,
    "admin:withdrawal": COORDINATOR,
    "admin:arranged": COORDINATOR_ONWARD,
    "admin:question_answered": COORDINATOR_ONWARD,
    "admin:idea_became_course": COORDINATOR,
    "admin:idea_merge": COORDINATOR_ONWARD,  # nothing is ticked
    "admin:idea_sheet": COORDINATOR,
    "admin:opportunity_checked": COORDINATOR_ONWARD,
    "admin:developer_offer_done": COORDINATOR_ONWARD,
    "admin:feedback_wordings": COORDINATOR,
    "admin:course_feedback": COORDINATOR,
    "admin:page_preview": COORDINATOR,
    "admin:page_file": COORDINATOR,
    "admin:story_withdraw": COORDINATOR_ONWARD,
    "admin:add_model_pages": COORDINATOR_ONWARD,
    "admin:keep_student": COORDINATOR_ONWARD,
    "admin:call_list": COORDINATOR,
    "admin:end_interests": COORDINATOR,
    "admin:letter_outcomes": COORDINATOR_ONWARD,
    "admin:letters_on_paper": COORDINATOR_ONWARD,  # printed by a button of the call list
    "admin:send_all_again": COORDINATOR_ONWARD,
    "admin:letter_paper": COORDINATOR,
    "admin:tutor_let_in_again": COORDINATOR_ONWARD,
    **{
        f"admin:{model}_{page}": answers
        for model, pages in ADMIN_MODELS.items()
        for page, answers in zip(STANDARD_PAGES, pages, strict=True)
    },
    **{f"admin:{model}_row": STAFF_ONWARD for model in ADMIN_MODELS},
}

# What the buttons do that have no page of their own.
BUTTONS: dict[str, Answers] = {
    "my_sign_out": EVERYBODY_ONWARD,
    "my_calendar_renew": (
        STUDENT_SIGN_IN,
        ONWARD,
        STUDENT_SIGN_IN,
        STUDENT_SIGN_IN,
        STUDENT_SIGN_IN,
        STUDENT_SIGN_IN,
    ),
    "sign_out": EVERYBODY_ONWARD,
    "opportunity_report": EVERYBODY_ONWARD,
    "tutor_certificates_renew": RUN_ONWARD,
    "register_file": RUN,
    # Tutors take nothing out; and of this run nothing is shown yet.
    "tutor_feedback_remove": (
        STAFF_SIGN_IN,
        STAFF_SIGN_IN,
        NOT_FOUND,
        NOT_FOUND,
        NOT_FOUND,
        NOT_FOUND,
    ),
}
