"""The environment that settings are read from under test. Loaded by pytest before anything else."""

import os
import tempfile

# The database alone may be chosen outside (script/test runs the suite on SQLite and PostgreSQL).
for name in (
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "BACKUP_FOLDER",
    "BACKUP_RECIPIENT",
    "SMS_URL",
    "SMS_FROM",
    "STATUS_TOKEN",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXY_COUNT",
):
    os.environ.pop(name, None)
os.environ.update(
    DEBUG="1",  # plain static files and no SMTP server; pytest-django turns settings.DEBUG off
    SECRET_KEY="for tests only, this is no secret to anybody",
    CERTIFICATE_KEY="for tests only, the key that proves certificates",
    SITE_URL="http://localhost:8000",
    # Of this process alone; made where a test erases somebody.
    ERASURES_FILE=f"{tempfile.gettempdir()}/erasures-under-test-{os.getpid()}",
)
