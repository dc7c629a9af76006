"""The settings as in production, with the floors' addresses added and no e-mail."""

import tests.environment  # noqa: F401  Sets what the settings below read.
from recoverycollege.settings import *  # noqa: F403
from recoverycollege.settings import DATABASES, STORAGES, VAR_DIR

DEBUG = False
ROOT_URLCONF = "tests.benchmarks.floor"
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
DATABASES["default"]["TEST"] = {"NAME": None}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "benchmark.sqlite3")}

# A benchmark's clients share one network, and sign up for one run, far beyond any library.
SIGN_UPS_PER_HOUR_BY_NETWORK = SIGN_UPS_PER_HOUR_BY_RUN = 10**9
