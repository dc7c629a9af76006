"""Settings of one college's installation, read from the environment.

A missing secret stops the start: nothing here has a default that would be unsafe in production.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def required(name: str) -> str:
    """The environment variable `name`; raises ImproperlyConfigured where it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = required("SECRET_KEY")
# Proves certificates. Kept apart from SECRET_KEY so that changing one never breaks the other.
CERTIFICATE_KEY = required("CERTIFICATE_KEY")
# Personal links in letters are built from this, never from a request's Host header.
SITE_URL = (os.environ.get("SITE_URL") or required("SITE_URL")).rstrip("/")
ALLOWED_HOSTS = [
    host
    for host in os.environ.get("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "").split(",")
    if host
]

INSTALLED_APPS = [
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
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes SQLite's write lock when a transaction begins: it stands in for the row lock
    # that select_for_update takes on PostgreSQL.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "tutor_runs"
LOGOUT_REDIRECT_URL = "front_page"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian bokmål")), ("nn", _("Norwegian nynorsk")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "recoverycollege" / "locale"]
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

# Sending letters. EMAIL_URL: smtp://user:password@host:port, or smtps:// for TLS from the start;
# file:///folder writes them there and sends nothing.
DEFAULT_FROM_EMAIL = (
    os.environ.get("DEFAULT_FROM_EMAIL", "post@example.org")
    if DEBUG
    else required("DEFAULT_FROM_EMAIL")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20  # seconds
_email = urlsplit(os.environ.get("EMAIL_URL") or (f"file://{VAR_DIR}/letters" if DEBUG else ""))
if _email.scheme in ("smtp", "smtps"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _email.hostname or "localhost"
    EMAIL_PORT = _email.port or (465 if _email.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_email.username or "")
    EMAIL_HOST_PASSWORD = unquote(_email.password or "")
    EMAIL_USE_SSL = _email.scheme == "smtps"
    EMAIL_USE_TLS = _email.scheme == "smtp" and bool(EMAIL_HOST_USER)
elif _email.scheme == "file":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = unquote(_email.path)
else:
    raise ImproperlyConfigured("Set the environment variable EMAIL_URL.")

# Discretion: only strictly necessary cookies, and they end with the browser.
SESSION_COOKIE_NAME = "session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_FAILURE_VIEW = "courses.views.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front does this
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000 if SITE_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
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

# How long a personal link in a letter works, in days.
LINK_DAYS = 180
# How long before the first session the waiting list stops filling by itself, in hours.
WAITING_LIST_CLOSES_HOURS = 24
# How often sending a letter is tried before it becomes a line on the call list.
LETTER_ATTEMPTS = 5
# How many letters from public forms go to one e-mail address in an hour, and how many lines one
# phone number gets on the call list. The rest waits its turn.
LETTERS_AN_HOUR = 6
# So many people in a row whom the mail server refuses with the same answer: then the college's
# own set-up is at fault, and all letters wait.
SAME_REFUSALS = 3
# The index warns of a day with more public sign-ups than this, if it is also more than twice the
# busiest of the thirty days before.
UNUSUAL_SIGN_UPS = 100
# How long wishes for adjustments are kept after a run's last session, in days.
ADJUSTMENT_DAYS = 7
# How long a name is kept on a certificate that belongs to no student, in days.
CERTIFICATE_NAME_DAYS = 365
# How many wrong codes for the wall may come from one place in an hour. Seventy people behind one
# network mistype; guessing one of nine hundred million codes takes more.
WRONG_CODES_PER_HOUR = 200
# How many certificates may be checked in an hour from one place, and from all places together.
CERTIFICATE_CHECKS_PER_HOUR = 60
CERTIFICATE_CHECKS_PER_HOUR_BY_EVERYBODY = 1200
# How many proxies stand in front and add to X-Forwarded-For. With 0 that header is not read.
PROXIES = int(os.environ.get("PROXIES", "1"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "recoverycollege.logs.DiscreetFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
