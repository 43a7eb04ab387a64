"""Who may import whom: the layers in pyproject.toml, and what layers cannot say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

from tests.docs.tree import ROOT, Module, product

KERNEL = ("money", "business_days", "identifiers", "lifecycle", "faults", "clock")


def imports(module: Module) -> Iterator[str]:
    """Give the dotted name of everything that a module imports, lazily or not."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(name: str, package: str) -> bool:
    """Tell whether a dotted name is a package or inside it."""
    return name == package or name.startswith(f"{package}.")


def found_in(folder: str, *packages: str) -> list[str]:
    """Give each import of one of the packages by a file below a folder of the program."""
    return [
        f"{module.path} imports {name}"
        for module in product()
        if module.path.startswith(f"src/customhouse/{folder}")
        for name in imports(module)
        if any(is_within(name, package) for package in packages)
    ]


def test_the_layers_of_the_house_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    outcome = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert outcome == 0, capsys.readouterr().out


def test_the_kernel_needs_the_standard_library_only() -> None:
    foreign = ("django", "psycopg", "httpx2", "typer", "rich", "cryptography", "pydantic")
    found = [each for name in KERNEL for each in found_in(f"{name}.py", *foreign)]
    assert not found, "\n".join(found)


def test_formats_know_no_database_and_no_clock() -> None:
    found = found_in("formats/", "psycopg", "django", "httpx2", "customhouse.clock", "time")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["agency/", "bank/", "ledger/", "formats/", "database"])
def test_django_stays_at_the_edge(folder: str) -> None:
    found = found_in(folder, "django", "ninja")
    assert not found, "\n".join(found)


def test_pages_and_doors_call_no_store() -> None:
    found = [each for each in found_in("web/", "customhouse") if "_store" in each.split()[-1]]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("side", "other"), [("agency", "bank"), ("bank", "agency"), ("ledger", "agency")]
)
def test_the_two_sides_never_meet(side: str, other: str) -> None:
    folders = [f"{side}/", f"web/{side}_site/", f"web/{side}_settings"]
    found = [
        each
        for folder in folders
        for each in found_in(folder, f"customhouse.{other}", f"customhouse.web.{other}_site")
    ]
    assert not found, "\n".join(found)


def test_the_rehearsal_reads_bank_files_with_its_own_eyes() -> None:
    found = [
        each
        for each in found_in("rehearsal/", "customhouse.formats")
        if each.split()[-1].removeprefix("customhouse.formats.").startswith(("nacha", "return_"))
    ]
    assert not found, "\n".join(found)


def test_the_client_can_be_published_alone() -> None:
    allowed = ("formats", "trade.client", *KERNEL)
    found = [
        each
        for each in found_in("trade/client", "customhouse")
        if not each.split()[-1].removeprefix("customhouse.").startswith(allowed)
    ]
    assert not found, "\n".join(found)


def test_only_the_command_line_imports_the_command_line() -> None:
    found = [
        f"{module.path} imports {name}"
        for module in product()
        if not module.path.startswith("src/customhouse/trade/cli")
        for name in imports(module)
        if re.match(r"customhouse\.trade\.cli(_|\.|$)", name)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["agency/", "bank/", "ledger/", "rehearsal/", "web/"])
def test_words_on_a_terminal_are_the_command_lines_business(folder: str) -> None:
    found = found_in(folder, "typer", "click")
    assert not found, "\n".join(found)
