"""The college's own numbers: how long, how many, how often. Change them here and nowhere else.

Each is read as `django.conf.settings.NAME`, by code and by every text that tells it. A name ends
with its unit, or says what is counted.
"""

# Sign-up

# How long a check page («Is this right?») can be sent. Sent later it is shown once more: long after
# its first answer, to a run that is full since, it would tell whether that was a newcomer's.
CHECK_PAGE_HOURS = 2
# How long before the first session free places stop going to the waiting list by themselves. From
# then on staff ring those who wait. A run may have a moment of its own in the admin.
WAITING_LIST_CLOSES_HOURS = 24
# How many wishes for adjustments are kept of one enrolment; a further one replaces the newest.
ADJUSTMENTS_KEPT = 3

# How long before a semester begins its sign-up is proposed to open.
SIGN_UP_OPENS_DAYS = 28
# A semester of which less is left is not proposed any more.
SEMESTER_LEFT_DAYS = 42

# The student's page

# How long a personal link in a letter works.
LINK_DAYS = 180
# How long an address to which a link was asked for is kept, where no worker looks it up before.
LINK_REQUEST_HOURS = 24
# How long a new e-mail address can be confirmed, and how many a student may ask for in a day: each
# sends a letter to somebody whom we do not know yet.
NEW_EMAIL_DAYS = 7
NEW_EMAILS_A_DAY = 3
# How many names can be tried in a day, to confirm one such address: a stranger may read there.
NEW_EMAIL_NAMES_A_DAY = 10
# «Send me my link» writes to the same person once in so many hours at most.
PAGE_LINK_EVERY_HOURS = 1
# How long past appointments stay in calendars that are subscribed to: a student's own, and the one
# of all courses.
CALENDAR_PAST_DAYS = 60
# How often a subscribed calendar is asked to look for news; each program decides for itself.
CALENDAR_REFRESH_HOURS = 6
# How long a student stays on their page after opening the link, also while it is used.
STUDENT_SESSION_HOURS = 12

# What the first time is like

# How long before a session begins whoever is new is told that they may come.
ARRIVE_EARLY_MINUTES = 15

# Letters and the call list

# News of a session that begins so soon may be read too late: then staff ring as well, and an SMS
# goes where that is switched on (`SMS_URL`).
URGENT_HOURS = 24
# How often sending a letter is tried before it becomes a line on the call list.
LETTER_ATTEMPTS = 5
# How many letters from public forms go to one e-mail address in an hour, and how many lines one
# phone number gets on the call list. The rest waits its turn.
LETTERS_AN_HOUR = 6
# A line that came on the call list so long ago counts no more against its phone number.
CALL_LINES_COUNT_DAYS = 7
# How many letters a worker sends at the same time: a slow receiver holds up one of them.
LETTERS_AT_ONCE = 4
# So many people in a row whom the mail server refuses with the same answer: then the college's
# own set-up is at fault, and all letters wait.
SAME_REFUSALS = 3
# At which hour of the day before a session its tutors are reminded of it.
REMINDER_HOUR = 12
# How many days before a session whoever has a place is reminded of it.
REMINDED_DAYS_BEFORE = (3, 1)
# How long after a session whoever was absent may still be written to.
ABSENCE_LETTER_DAYS = 3
# Between which hours of the day a letter goes that nobody waits for, such as a reminder.
DAYTIME_FROM_HOUR = 9
DAYTIME_UNTIL_HOUR = 20
# How late a letter may be before the index says that letters wait.
LETTER_LATE_MINUTES = 10
# The index warns of a day with more public sign-ups than this, if it is also so many times the
# busiest of the days before.
UNUSUAL_SIGN_UPS = 100
UNUSUAL_SIGN_UPS_TIMES_BUSIEST = 2
UNUSUAL_SIGN_UPS_COMPARED_DAYS = 30

# The register and certificates

# The register of a session opens at midnight of its day, and so long before the session at least.
REGISTER_OPENS_HOURS = 2
# The highest headcount of a session that is believed.
HEADCOUNT_AT_MOST = 2000
# How long after its session a session code still gives certificates.
SESSION_CODE_HOURS = 2
# How long after that whoever fetched a certificate with the code can open it again.
CLAIMED_CERTIFICATE_MINUTES = 30
# How many name badges are printed at once: ten to a sheet.
BADGES_AT_MOST = 200
# How many names a tutor may send in one list.
NAMES_AT_MOST = 1000

# Feedback

# How long after its last session a run's address for feedback takes answers.
FEEDBACK_DAYS = 14
# How long after that staff may type in what was answered on paper. Then the results are shown.
FEEDBACK_PAPER_DAYS = 7
# How long before the last session a run gets its address, so that the sheet can be printed.
FEEDBACK_MADE_DAYS = 7
# How many answers there must be: by fewer people they are deleted, and no question that fewer of
# them chose an answer to is counted. Never below five, which the database holds as well.
FEEDBACK_SHOWN_FROM = 5
# How long what people wrote is kept after it is shown. How many chose what stays.
FEEDBACK_WORDS_DAYS = 365

# Staff

# How large a file may be that is kept with a course for its tutors.
COURSE_FILE_MEGABYTES = 10
# How many sessions somebody may add to a run at once: more is most likely a mistyped year.
SESSIONS_AT_ONCE = 60
# How far ahead the index lists sessions.
SESSIONS_AHEAD_DAYS = 14
# From when on the index says of a run that few have signed up, and how many are not few any more.
FEW_PEOPLE_DAYS = 14
FEW_PEOPLE = 4
# From when on the index says of a draft that it begins soon.
DRAFT_NEAR_DAYS = 28
# How long after somebody last looked at an opportunity outside the college the index asks for it.
OPPORTUNITY_CHECKED_DAYS = 183
# How many make a waiting list long.
LONG_QUEUE = 5
# How long the index asks for a register that was not taken, and for certificates not issued.
WRITTEN_LATE_DAYS = 90
# How long the index says of a session that was held that one of its two tutors was missing.
WITHOUT_PAIR_DAYS = 14
# What «signed up online» in the list of sign-ups means by «the last days», today counted in.
RECENT_SIGN_UP_DAYS = 7
# How long a form that staff sent after their session had ended is kept for them.
KEPT_FORM_MINUTES = 30

# How long after a run's last session its tutors see how people are reached, and what was to be
# arranged for them.
TUTOR_CONTACT_DAYS = 30
# How long its tutors see names: the register can be corrected, and certificates printed, until
# then. From then on they see numbers; coordinators see and print everything as before.
TUTOR_NAMES_DAYS = 120

# Deleted by `manage.py purge_expired`

# How long after they last took part, signed up or said that they stay students are erased.
INACTIVE_STUDENT_YEARS = 3
# How long before that they are told, and how long they have to say that they stay.
INACTIVE_TOLD_DAYS = 30
# How long after it was owed nobody waits any more for a letter that did not get through.
INACTIVE_UNTOLD_DAYS = 120
# How long the words of letters are kept once they were sent, or were not sent after all. That there
# was a letter, of what kind and when, stays.
LETTER_TEXT_DAYS = 180
# How long it is kept who did what, and when. Names of people who take part are not in it.
EVENT_YEARS = 3

# How long wishes for adjustments are kept after a run's last session.
ADJUSTMENT_DAYS = 7
# How long the words of a message that staff wrote to people on a run are kept after the run's last
# session. When it was sent, and to how many, stays.
MESSAGE_DAYS = 30
# How long somebody waits to be told that a course is held again, before what they wrote is deleted.
INTEREST_YEARS = 2
# And how long it is kept once they have been told.
INTEREST_TOLD_DAYS = 30
# How long a question from the web is kept once it is marked as answered; and one that is not.
QUESTION_ANSWERED_DAYS = 30
QUESTION_DAYS = 180
# How long an idea for a course is kept that was answered with «not now»; and any other that became
# no course, from when it was last moved on.
IDEA_NOT_NOW_DAYS = 365
IDEA_DAYS = 1095
# How long it is kept who would like to help make courses, once somebody has spoken with them; and
# where nobody has.
DEVELOPER_OFFER_DONE_DAYS = 30
DEVELOPER_OFFER_DAYS = 365
# How long a digital story is kept, shown to nobody, once whoever told it has withdrawn it.
WITHDRAWN_STORY_DAYS = 30
# How long a name is kept on a certificate that belongs to no student.
CERTIFICATE_NAME_DAYS = 365

# Figures

# How long after a year its figures are frozen: until then registers are still filled in.
YEAR_FROZEN_DAYS = 31
# How many years the charts go back.
CHART_YEARS = 10

# Backups

# How long each backup is kept. Whoever was erased is in it until then.
BACKUP_DAYS = 30
# How many months back the first backup of each month is kept.
BACKUP_MONTHS = 3
# From when on `manage.py check --deploy` warns that the newest backup is old.
BACKUP_LATE_DAYS = 2

# The status page

# How long after the nightly work ended last it is late.
NIGHT_LATE_HOURS = 26
# How little of the disk is free when somebody is to make room.
DISK_LOW_PERCENT = 10

# When the database is busy

# How long to wait before a page that could not be fetched or saved is tried again.
TRY_AGAIN_SECONDS = 30

# How often something may be tried before the answer is «wait a little». By network means an IPv4
# address or an IPv6 /56, behind which a whole library may sit.

# Wrong session codes at /bevis/, by network: seventy people behind one mistype; guessing one of
# nine hundred million codes takes more.
WRONG_CODES_PER_HOUR = 200
# Certificates checked at /kursbevis/, by network.
CERTIFICATE_CHECKS_PER_HOUR = 60
# Sign-ups by network: thirty people in one library, each for two courses, some of them twice.
SIGN_UPS_PER_HOUR_BY_NETWORK = 120
# Sign-ups for one run from all networks together: this many, or this many times its capacity,
# whichever is more. Signing somebody up by phone is not counted.
SIGN_UPS_PER_HOUR_BY_RUN = 300
SIGN_UPS_PER_HOUR_BY_PLACE = 10
# «Tell me when it is held again», by network.
INTERESTS_PER_HOUR = 60
# Booklets of «My programme», by network: each takes as long to draw as a certificate.
PROGRAMMES_PER_HOUR = 60
# Posters and prospectuses that anybody may print, by network. What is unchanged is not drawn anew.
PAPERS_PER_HOUR = 60
# Annual reports as PDF, by network: each takes a few seconds to draw.
REPORTS_PER_HOUR = 60
# «Ask us», by network.
QUESTIONS_PER_HOUR = 60
# Ideas for courses, by network: a class that writes down what it wishes for sits behind one.
IDEAS_PER_HOUR = 60
# «This is not right any more» of an opportunity outside the college, by network.
OPPORTUNITY_REPORTS_PER_HOUR = 20
# Feedback on a run, by network: everybody in the room behind one, and some of them twice.
FEEDBACK_PER_HOUR = 120
# «I would like to help make courses», by network.
DEVELOPER_OFFERS_PER_HOUR = 60
# «Send me my link», by network.
LINK_REQUESTS_PER_HOUR = 60
# Staff sign-in: tries by user name and by network, in an hour and in a short burst.
SIGN_INS_PER_HOUR_BY_NAME = 10
SIGN_INS_PER_HOUR_BY_NETWORK = 100
SIGN_IN_BURST_SECONDS = 10
SIGN_IN_BURST_BY_NAME = 3
SIGN_IN_BURST_BY_NETWORK = 6
# Letters that anybody may ask for at the staff sign-in, a code or a new password: by address,
# within as many minutes as a code works. So there is always one that works, or a further one may be
# asked for, however long the mail server was away.
SIGN_IN_LETTERS = 3
SIGN_IN_CODE_MINUTES = 10
# How often one code that was sent may be typed.
SIGN_IN_CODE_TRIES = 5
# Codes of the second factor, by whom they belong to, in an hour.
SECOND_FACTORS_PER_HOUR = 15
# How long the links in letters to staff work.
INVITATION_DAYS = 14
PASSWORD_LINK_HOURS = 1
# How long a device that somebody trusts is not asked for the second factor.
TRUSTED_DEVICE_DAYS = 30
