"""Settings of one college's installation, read from the environment.

A missing secret stops the start: nothing here has a default that would be unsafe in production.
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from recoverycollege import environment
from recoverycollege.policy import *  # noqa: F403  # the college's hours, days and limits

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

_given = environment.read(os.environ, var=VAR_DIR)

DEBUG = _given.debug
SECRET_KEY = _given.secret_key
# Sign nothing any more; what they signed still holds.
SECRET_KEY_FALLBACKS = _given.former_secret_keys
# Proves certificates. Kept apart from SECRET_KEY so that changing one never breaks the other.
CERTIFICATE_KEY = _given.certificate_key
# Personal links in letters are built from this, never from a request's Host header.
SITE_URL = _given.site_url
ALLOWED_HOSTS = _given.allowed_hosts

INSTALLED_APPS = [
    # Before ours, which takes their tables out of the admin again.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "recoverycollege",
    "certificates",
    "enrolment",
    "courses",
    "crispy_forms",
    "crispy_bootstrap5",
    "recoverycollege.apps.CollegeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "recoverycollege.plain_requests.plain_requests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "courses.web.public_pages.kept_by_nobody",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "recoverycollege.staff_sign_in.second_factor_first.second_factor_first",
    "enrolment.forms_kept_over_sign_in.staff_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "recoverycollege.urls"
WSGI_APPLICATION = "recoverycollege.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "courses.context.college",
            ],
        },
    },
]

FORM_RENDERER = "recoverycollege.form_renderer.PlainRenderer"

DATABASES = {"default": _given.database}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes SQLite's write lock when a transaction begins: it stands in for the row lock
    # that select_for_update takes on PostgreSQL.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # PostgreSQL's JIT compiles a statement that it takes for a large one, which lasts longer than
    # any of the portal's statements does: about 100 ms on each of the admin's lists. What
    # DATABASE_URL itself asks for comes after, and holds.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options["options"] = f"-c jit=off {_options.get('options', '')}".strip()
# Public pages and pieces of pages, each kept under all that it is made of: nothing in it is ever
# out of date, another worker's need not be the same, and nobody who reads or takes part is in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 500},  # some 40 kB each at the most
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "recoverycollege.staff.passwords.NotEasilyGuessed"},
]
AUTHENTICATION_BACKENDS = ["recoverycollege.staff_sign_in.backend.StaffBackend"]
# Coordinators and owners work with a second factor. The demo college is one click to sign in to.
SECOND_FACTOR_REQUIRED = not DEBUG

# django-allauth, behind the pages of `recoverycollege.staff_sign_in`. User.email is the one place
# of an address: the library's own table of addresses stays empty.
ACCOUNT_ADAPTER = "recoverycollege.staff_sign_in.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets a letter who has no sign-in
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 60 * SIGN_IN_CODE_MINUTES  # noqa: F405
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = SIGN_IN_CODE_TRIES  # noqa: F405
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = (
    False  # ours are exact, on every worker: courses.web.throttle
)
ACCOUNT_FORMS = {
    "login": "recoverycollege.staff_sign_in.forms.SignInForm",
    "request_login_code": "recoverycollege.staff_sign_in.forms.AskForCodeForm",
    "confirm_login_code": "recoverycollege.staff_sign_in.forms.CodeForm",
    "reauthenticate": "recoverycollege.staff_sign_in.forms.AgainForm",
}
MFA_ADAPTER = "recoverycollege.staff_sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # the clock of a telephone may be half a minute off
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_NAME = "trusted_device"
MFA_TRUST_COOKIE_AGE = 24 * 3600 * TRUSTED_DEVICE_DAYS  # noqa: F405
MFA_FORMS = {
    "authenticate": "recoverycollege.staff_sign_in.forms.SecondFactorForm",
    "reauthenticate": "recoverycollege.staff_sign_in.forms.SecondFactorAgainForm",
    "activate_totp": "recoverycollege.staff_sign_in.forms.SetUpSecondFactorForm",
}
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "tutor_runs"
LOGOUT_REDIRECT_URL = "front_page"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian bokmål")), ("nn", _("Norwegian nynorsk")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "recoverycollege" / "locale"]
FORMAT_MODULE_PATH = "recoverycollege.formats"
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "courses.pictures.PictureStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = DEBUG is False

# Who was erased, as keyed proofs: see `recoverycollege.people.erasures`.
ERASURES_FILE = _given.erasures

# Where ./script/backup writes, and for whom it encrypts; None and "" where that is not wanted.
BACKUP_FOLDER = _given.backups
BACKUP_RECIPIENT = _given.backup_recipient

# What a program shows that asks /drift/ how things are; "" where none may.
STATUS_TOKEN = _given.status_token

# Sending letters; `environment` says what EMAIL_URL may be.
DEFAULT_FROM_EMAIL = _given.from_email
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 60  # seconds: some servers greet after half a minute, to keep spammers off
globals().update(_given.email)  # EMAIL_BACKEND and what that one needs
SMS_TIMEOUT = 10  # seconds
globals().update(_given.sms)  # SMS_BACKEND and what that one needs

# Discretion: only strictly necessary cookies, and they end with the browser.
SESSION_COOKIE_NAME = "session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
# What staff are told may name people: it stays on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_FAILURE_VIEW = "enrolment.forms_kept_over_sign_in.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front does this
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000 if SITE_URL.startswith("https://") else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other hosts under the college's domain are not the portal's to decide for
    "security.W021",  # nor is the list of domains that browsers know by heart
    "security.W008",  # see SECURE_SSL_REDIRECT
]
# A personal link in an address is told to nobody, not even to our own log of a picture's request.
# Without the origin, browsers would send our own forms with `Origin: null`, and be refused.
SECURE_REFERRER_POLICY = "strict-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
}
if SITE_URL.startswith("https://"):
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# What a form may hold at most, pictures apart, in bytes: a list of a thousand names has room.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A register has two fields for each name.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# How many proxies stand in front and add to X-Forwarded-For. With 0 that header is not read.
TRUSTED_PROXY_COUNT = _given.proxies

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "recoverycollege.logs.DiscreetFormatter"},
        "json": {"()": "recoverycollege.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "text" if DEBUG else "json"}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
