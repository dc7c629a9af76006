"""Counters and statuses are written by the verbs about places and runs, and nowhere else."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("recoverycollege", "certificates", "enrolment", "courses")
COLUMNS = {"places_taken", "waiting", "status", "placed_at", "withdrawn_at", "cancelled_at"}
COLUMNS |= {"published_at"}
WRITERS = {
    "courses/services/publishing.py",
    "enrolment/services/places.py",
    "enrolment/services/queue.py",
    "enrolment/services/runs.py",
}
WRITING_CALLS = {"update", "create", "bulk_create", "get_or_create", "update_or_create"}


def written(tree: ast.AST) -> set[str]:
    """The columns that are assigned to, or named in a call that writes rows."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            # An error may carry a number of its own: that is no row.
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                names.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WRITING_CALLS:
                names |= {each.arg for each in node.keywords if each.arg}
            elif node.func.attr == "bulk_update" and len(node.args) > 1:
                named = [each for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)]
                names |= {str(each.value) for each in named}
    return names & COLUMNS


def test_nothing_but_the_verbs_writes_counters_or_statuses():
    files = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    ]
    writers = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if written(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert writers == WRITERS


def test_each_way_of_writing_is_seen():
    for source in ("run.waiting -= 1", "runs.update(waiting=0)", "rows.create(status='place')"):
        assert written(ast.parse(source))
    assert written(ast.parse("rows.bulk_update(some, ['placed_at'])")) == {"placed_at"}
    assert not written(ast.parse("rows.filter(status='place')"))
