"""Read by gunicorn before it starts workers: a faulty environment stops it here, told once."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from recoverycollege import environment

environment.main()
