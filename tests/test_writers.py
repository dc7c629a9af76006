"""What counts is written by verbs: each column, and each kind of row, in the modules named here.

The whole tree is read, the demo college included: its history is made by the verbs too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("recoverycollege", "certificates", "enrolment", "courses")

PLACES, QUEUE = "enrolment/services/places.py", "enrolment/services/queue.py"
SIGN_UP = "enrolment/services/sign_up.py"
RUNS, PUBLISHING = "enrolment/services/runs.py", "courses/services/publishing.py"
SAVING = "enrolment/services/run_changes.py"
STANDING_IN = "enrolment/services/substitutions.py"
REGISTER, CORRECTING = "certificates/services/attendance.py", "certificates/services/correcting.py"
ISSUING, BY_NAME = "certificates/services/issuing.py", "certificates/services/names.py"
BY_CODE, ERASING = "certificates/services/session_codes.py", "certificates/services/retention.py"
MERGING, MERGING_MARKS = "enrolment/services/merging.py", "certificates/services/merging.py"

# Who writes a column, by whatever way.
COLUMNS = {
    "status": {SIGN_UP, PLACES, QUEUE, RUNS, PUBLISHING, MERGING},
    "places_taken": {SIGN_UP, PLACES, QUEUE, MERGING},
    "waiting": {SIGN_UP, PLACES, QUEUE, MERGING},
    "enrolled_at": {SIGN_UP},
    "placed_at": {SIGN_UP, QUEUE},
    "withdrawn_at": {PLACES, MERGING},
    "call_outcome": {QUEUE},
    "called_at": {QUEUE},
    "published_at": {PUBLISHING},
    "cancelled_at": {RUNS, SAVING},  # of a run; of a session
    "headcount": {REGISTER},
    "is_present": {REGISTER},
    "recorded_at": {REGISTER},
    "issued_at": {ISSUING, BY_NAME, BY_CODE, CORRECTING},
    "issued_by": {ISSUING, BY_NAME, CORRECTING},
    "superseded_by": {CORRECTING},
    "revoked_at": {CORRECTING, MERGING_MARKS},
}
# Who makes, changes or deletes such rows at all; also under the name of a relation to them.
ROWS = {
    "Enrolment": {SIGN_UP, MERGING, "enrolment/services/students.py"},  # the last their language
    "Attendance": {REGISTER, MERGING_MARKS},
    "Certificate": {ISSUING, BY_NAME, BY_CODE, CORRECTING, ERASING, MERGING_MARKS},
    "Substitution": {STANDING_IN, SAVING},  # the latter for sessions that are added
}
RELATIONS = {"enrolments": "Enrolment", "attendances": "Attendance", "certificates": "Certificate"}
RELATIONS |= {"substitutions": "Substitution"}
# A row that is never saved: the preview of a certificate; and the proofs made with a new key.
ALLOWED = {("Certificate", "certificates/views/preview.py")}
ALLOWED |= {("Certificate", "certificates/services/key.py")}
# Read as columns, and never saved.
ALLOWED |= {("Substitution", "courses/queries.py")}

WRITING_CALLS = {"create", "acreate", "get_or_create", "aget_or_create", "update", "aupdate"}
WRITING_CALLS |= {"update_or_create", "aupdate_or_create", "bulk_create", "abulk_create"}
WRITING_CALLS |= {"bulk_update", "abulk_update", "delete", "adelete"}


def words_in(node: ast.AST) -> set[str]:
    return {str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)}


def columns_written(tree: ast.AST) -> set[str]:
    """The columns that are assigned to, or named where rows are made or saved."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            # An error may carry a number of its own: that is no row.
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                names.add(node.attr)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            made = node.func.id if isinstance(node.func, ast.Name) else ""
            if called in WRITING_CALLS or made in {*ROWS, "CourseRun", "CourseSession"}:
                names |= {each.arg for each in node.keywords if each.arg}
                # `defaults={"status": …}`, and rows written from a dictionary on the spot.
                names |= {
                    str(key.value)
                    for each in node.keywords
                    for held in ast.walk(each.value)
                    if isinstance(held, ast.Dict)
                    for key in held.keys
                    if isinstance(key, ast.Constant)
                }
            if called.endswith("bulk_update"):
                names |= words_in(node)
            elif called in {"save", "asave"}:
                for each in node.keywords:
                    if each.arg == "update_fields":
                        names |= words_in(each.value)
            elif made == "setattr" and len(node.args) > 1:
                names |= words_in(node.args[1])
    return names & COLUMNS.keys()


def chain(node: ast.AST) -> Iterator[str]:
    """The names that a call is made through: `a.b(c).d()` is d, b, a."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        else:
            if isinstance(node, ast.Name):
                yield node.id
            return


def rows_written(tree: ast.AST) -> set[str]:
    """The models of which rows are made, or written by a chain that begins with them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        first, *through = chain(node)
        if first in ROWS:
            found.add(first)
        elif first in WRITING_CALLS:
            found |= ROWS.keys() & set(through)
            found |= {RELATIONS[each] for each in through if each in RELATIONS}
    return found


def trees() -> Iterator[tuple[str, ast.AST]]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


ADVICE = "Call the verb that writes it, in a `services` package, or make it a verb there."


def test_nothing_but_the_verbs_writes_what_counts():
    found = {(column, name) for name, tree in trees() for column in columns_written(tree)}
    named = {(column, name) for column, names in COLUMNS.items() for name in names}
    assert found <= named, ADVICE
    assert {column for column, _name in found} == COLUMNS.keys()


def test_nothing_but_the_verbs_writes_such_rows():
    found = {(model, name) for name, tree in trees() for model in rows_written(tree)}
    assert found - ALLOWED == {(row, name) for row, names in ROWS.items() for name in names}, ADVICE
    assert found >= ALLOWED


def test_the_whole_tree_is_read():
    names = {name for name, _tree in trees()}
    assert {"recoverycollege/demo/history.py", "certificates/views/attendance.py"} <= names
    with_code = {
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name != "tests" and not path.parent.name.startswith(".")
    }
    assert with_code == set(PACKAGES)


def test_each_way_of_writing_a_column_is_seen():
    for source, column in {
        "run.waiting -= 1": "waiting",
        "runs.update(waiting=0)": "waiting",
        "rows.create(status='place')": "status",
        "rows.bulk_update(some, ['placed_at'])": "placed_at",
        "rows.bulk_update(some, fields=['placed_at'])": "placed_at",
        "rows.update_or_create(pk=1, defaults={'status': 'place'})": "status",
        "rows.update(**{'status': 'place'})": "status",
        "CourseSession(run=run, headcount=3)": "headcount",
        "row.save(update_fields=['revoked_at'])": "revoked_at",
        "setattr(row, 'is_present', True)": "is_present",
    }.items():
        assert columns_written(ast.parse(source)) == {column}, source
    assert not columns_written(ast.parse("rows.filter(status='place'); self.headcount = 1"))


def test_each_way_of_writing_a_row_is_seen():
    for source, model in {
        "Attendance(student=student)": "Attendance",
        "models.Attendance(student=student)": "Attendance",
        "Attendance.objects.bulk_create(rows)": "Attendance",
        "Certificate.objects.valid().filter(run=run).update(name='')": "Certificate",
        "run.enrolments.create(student=student)": "Enrolment",
        "Enrolment.objects.all().delete()": "Enrolment",
    }.items():
        assert rows_written(ast.parse(source)) == {model}, source
    assert not rows_written(ast.parse("Certificate.objects.filter(run=run).count()"))
