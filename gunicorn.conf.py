"""Read by gunicorn: how it serves, and a faulty environment stops it before it starts workers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from recoverycollege import environment

environment.main()

# Requests at a time in each worker: a slow client, or a password being hashed, keeps nobody waiting
# for a page of the catalogue.
threads = 4
# No header says by which address the portal is reached, whoever sends it.
forwarder_headers = ""
# Nobody steers it while it runs: no socket for that.
control_socket_disable = True
