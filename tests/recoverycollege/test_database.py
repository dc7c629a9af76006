"""How the portal speaks with its database."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

POSTGRES = "postgres://portal:geheim@localhost:5432/portal"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="JIT is PostgreSQL's")
def test_the_connection_compiles_no_statement():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


@pytest.mark.parametrize(
    ("address", "options"),
    [
        (POSTGRES, "-c jit=off"),
        (
            f"{POSTGRES}?options=-c%20statement_timeout%3D9000",
            "-c jit=off -c statement_timeout=9000",
        ),
    ],
)
def test_options_of_the_address_are_kept_beside_the_portals_own(address, options):
    read = "from recoverycollege.settings import DATABASES as d; print(d['default']['OPTIONS'])"
    told = subprocess.run(
        [sys.executable, "-c", read],
        env=os.environ | {"DATABASE_URL": address},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.strip() == str({"options": options})
