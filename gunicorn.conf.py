"""Read by gunicorn: how it serves, and a faulty environment stops it before it starts workers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from recoverycollege import environment

environment.main()

# Requests at a time in each worker: a slow client, or a password being hashed, keeps nobody waiting
# for a page of the catalogue.
threads = 4

# What gunicorn itself says is written as the portal's own log is.
logconfig_dict = {
    "formatters": {"json": {"()": "recoverycollege.logs.JsonFormatter"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["json"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["json"], "propagate": False}},
}

# No header says by which address the portal is reached, whoever sends it.
forwarder_headers = ""
# Nobody steers it while it runs: no socket for that.
control_socket_disable = True
