"""Write docs/reference/commands.md and faults.md from the code (``make reference``).

The tests beside this program fail when a page leaves something out; this writes it in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from customhouse.faults import FaultKind
from tests.docs.command_tree import Command, commands
from tests.docs.tree import ROOT, Module, product

COMMANDS_PAGE = ROOT / "docs" / "reference" / "commands.md"
FAULTS_PAGE = ROOT / "docs" / "reference" / "faults.md"

COMMANDS_OPENING = """\
# Commands

Written by `make reference` from the program itself; `customhouse COMMAND --help` says the same.
After `make setup` the command is `.venv/bin/customhouse`. A command that refuses something writes
one line and a hint to the standard error and ends with the exit code that [the fault](faults.md)
names; 0 is success and 2 a wrong use of the command.
"""
FAULTS_OPENING = """\
# Faults

Written by `make reference` from the fault catalogue. A fault reads the same at every door: as
`application/problem+json` with its code, on a page beside the field, over ABI as a condition with
its code and narrative, and on the command line as one line with a hint and an exit code. Words in
braces stand for the values of the occasion. Envelope conditions and the rules of an ACH file are
catalogued beside their formats.
"""
FAULTS_HEAD = """\
| code | what it says | what to do | HTTP | ABI | exit |
| --- | --- | --- | --- | --- | --- |"""
USES_CATALOGUE = re.compile(r"^from customhouse(\.faults import| import .*faults)|^CATALOGUE", re.M)
DECLARES = {"declare", "faults.declare"}
SECTIONS = {
    "faults": "Authorizations, updates and doors",
    "agency": "At the agency",
    "bank": "At the processor bank",
    "database": "Of the databases",
    "formats": "Of files",
    "ledger": "Of the ledger",
    "rehearsal": "In a rehearsal",
    "settings": "Of the settings",
    "trade": "At the command line and in the client",
    "web": "On the web",
}


def declared() -> Iterator[tuple[str, FaultKind]]:
    """Give each fault that the program declares, with the module that does, read from the text.

    Nothing is imported, so that a page or a test of one side loads nothing of the other.
    """
    for module in product():
        if not USES_CATALOGUE.search(module.text):
            continue
        name = module.path.removeprefix("src/customhouse/").removesuffix(".py").replace("/", ".")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in DECLARES:
                yield name, fault_kind(node, constants(module))


def constants(module: Module) -> dict[str, ast.expr]:
    """Give what a module assigns to names of its own, which a declaration may use."""
    return {
        target.id: node.value
        for node in module.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def fault_kind(call: ast.Call, named: dict[str, ast.expr]) -> FaultKind:
    """Give the fault that a call of ``declare`` with literal values or constants declares."""

    def value(node: ast.expr) -> Any:
        return ast.literal_eval(named[node.id] if isinstance(node, ast.Name) else node)

    said = {str(each.arg): value(each.value) for each in call.keywords}
    said["abi_code"], said["abi_narrative"] = said.pop("abi", ("", ""))
    return FaultKind(value(call.args[0]), **said)


def cell(text: str) -> str:
    """Give text as one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def command_section(command: Command) -> str:
    """Give the heading, the help and the parameters of one command."""
    lines = [f"{'##' if command.is_group else '###'} `{command.spelled}`", "", command.help.strip()]
    rows = [parameter_row(parameter) for parameter in command.parameters]
    if rows:
        lines += ["", "| argument or option | meaning |", "| --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def parameter_row(parameter: Any) -> str:
    """Give the table row of one argument or option, as click or typer holds it."""
    spellings = [*parameter.opts, *parameter.secondary_opts]
    if parameter.param_type_name == "argument":
        spellings = [parameter.metavar or str(parameter.name).upper()]
    named = ", ".join(f"`{each}`" for each in spellings)
    return f"| {named} | {cell(parameter.help or '')} |"


def fault_row(kind: FaultKind) -> str:
    """Give the table row of one kind of fault."""
    abi = f"{kind.abi_code} {kind.abi_narrative}".strip()
    cells = (f"`{kind.code}`", kind.sentence, kind.next_step, str(kind.http_status), abi)
    return f"| {' | '.join(cell(each) for each in (*cells, str(kind.exit_code)))} |"


def faults_page() -> str:
    """Give the page of faults, one table a package that declares some."""
    by_section: dict[str, list[str]] = {title: [] for title in SECTIONS.values()}
    for module, kind in declared():
        section = SECTIONS.get(module.partition(".")[0], module)
        by_section.setdefault(section, []).append(fault_row(kind))
    parts = [FAULTS_OPENING]
    for section, rows in filter(itemgetter(1), by_section.items()):
        table = "\n".join([FAULTS_HEAD, *rows])
        parts.append(f"## {section}\n\n{table}\n")
    return "\n".join(parts)


def main() -> None:
    """Write both pages."""
    FAULTS_PAGE.write_text(faults_page(), "utf-8")
    sections = [COMMANDS_OPENING, *(command_section(each) for each in commands())]
    COMMANDS_PAGE.write_text("\n".join(sections), "utf-8")


if __name__ == "__main__":
    main()
