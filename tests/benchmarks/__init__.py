"""How fast the portal is beside the least that could do the same work, measured in the same run.

    .venv/bin/python -m tests.benchmarks.public_pages
    .venv/bin/python -m tests.benchmarks.sign_up
    .venv/bin/python -m tests.benchmarks.letters
    .venv/bin/python -m tests.benchmarks.sign_in
    .venv/bin/python -m tests.benchmarks.certificates
    .venv/bin/python -m tests.benchmarks.figures

Each makes a database of its own and throws it away: SQLite, or PostgreSQL where `DATABASE_URL`
names a server that lets us create one. They print ratios and never fail: a machine's mood is no
defect. Not collected by pytest.
"""
