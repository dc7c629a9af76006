"""ARCHITECTURE.md: the picture is that of the contracts, what it names is there, its steps work."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / ".github" / "ARCHITECTURE.md").read_text()


def layers() -> dict[str, dict[str, int]]:
    """By the container of each contract: how deep each of its modules lies."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {
        contract.get("containers", [""])[0]: {
            module.strip(): depth
            for depth, layer in enumerate(contract["layers"])
            for module in layer.split(":")
        }
        for contract in contracts["contracts"]
        if contract["type"] == "layers"
    }


def test_every_arrow_of_the_picture_is_an_import_that_the_contracts_allow():
    [picture] = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    depths, shown = layers(), set()
    for line in picture.splitlines()[1:]:
        modules = line.strip().split(" --> ")
        shown |= set(modules)
        for upper, lower in pairwise(modules):
            container, _dot, name = upper.rpartition(".")
            other, _dot, needed = lower.rpartition(".")
            assert container == other, line
            assert depths[container][name] < depths[container][needed], (upper, lower)
    assert set(depths[""]) <= shown


def test_whatever_is_named_is_there():
    named = re.findall(r"`([\w/]+(?:\.\w+|/))(?:::(\w+))?`", PAGE)
    assert len(named) > 25
    for path, name in named:
        assert (ROOT / path).exists() or path == "manage.py", path
        if name:
            tree = ast.parse((ROOT / path).read_text())
            defined = {getattr(each, "name", None) for each in tree.body}
            defined |= {
                target.id
                for each in tree.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
            assert name in defined, f"{path}::{name}"


def test_a_field_is_added_by_the_ten_minutes_steps(tmp_path):
    steps = PAGE.partition("## Ten minutes")[2]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "var").mkdir()
    own = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    own["DATABASE_URL"] = f"sqlite:///{tmp_path}/var/db.sqlite3"

    def run(*command: str, given: str = "") -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=own,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}"
        return done.stdout

    for hunks in re.findall(r"```diff\n(.*?)```", steps, re.DOTALL):
        run("git", "apply", "-", given=hunks)
    [makemigrations] = re.findall(r"^\./script/manage (.*)$", steps, re.MULTILINE)
    run(sys.executable, "manage.py", *makemigrations.split())
    run("./script/messages")
    words = re.findall(r"^\| (.*?) \| (.*?) \| (.*?) \|$", steps, re.MULTILINE)[2:]
    for language, number in (("nb", 1), ("nn", 2)):
        catalogue = tmp_path / f"recoverycollege/locale/{language}/LC_MESSAGES/django.po"
        text = catalogue.read_text()
        for row in words:
            empty = f'msgid "{row[0]}"\nmsgstr ""\n'
            assert text.count(empty) == 1, row[0]
            text = text.replace(empty, f'msgid "{row[0]}"\nmsgstr "{row[number]}"\n')
        catalogue.write_text(text)
    for catalogue in tmp_path.rglob("*.po"):
        run("msgfmt", "--check-format", "-o", str(catalogue.with_suffix(".mo")), str(catalogue))

    [tests] = re.findall(r"^\./script/test (.*)$", steps, re.MULTILINE)
    chosen = "no_admission or SignUpForm or every_form"
    pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen)
    assert re.search(r"\d+ passed", run(*pytest, *tests.split()))
