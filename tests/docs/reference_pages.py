"""Write docs/reference/commands.md and faults.md from the code (``make reference``).

The tests beside this program fail when a page leaves something out; this writes it in.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

from customhouse.faults import CATALOGUE, FaultKind
from tests.docs.command_tree import Command, commands
from tests.docs.tree import ROOT, product

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
SECTIONS = {
    "customhouse.faults": "At the doors and in the agency",
    "customhouse.bank.faults": "At the processor bank",
}


def declared() -> Iterator[tuple[str, str]]:
    """Give the module and the code of each fault that the program declares."""
    for module in product():
        for node in ast.walk(module.tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id == "declare" and isinstance(node.args[0], ast.Constant):
                name = module.path.removeprefix("src/").removesuffix(".py").replace("/", ".")
                yield name, str(node.args[0].value)


def cell(text: str) -> str:
    """Give text as one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def command_section(command: Command) -> str:
    """Give the heading, the help and the parameters of one command."""
    lines = [f"{'##' if command.is_group else '###'} `{command.spelled}`", "", command.help.strip()]
    rows = [row for parameter in command.parameters if (row := parameter_row(parameter))]
    if rows:
        lines += ["", "| argument or option | meaning |", "| --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def parameter_row(parameter: object) -> str:
    """Give the table row of one argument or option."""
    spellings = [*parameter.opts, *parameter.secondary_opts]  # type: ignore[attr-defined]
    if parameter.param_type_name == "argument":  # type: ignore[attr-defined]
        spellings = [parameter.human_readable_name.upper()]  # type: ignore[attr-defined]
    named = ", ".join(f"`{each}`" for each in spellings)
    return f"| {named} | {cell(getattr(parameter, 'help', '') or '')} |"


def fault_row(kind: FaultKind) -> str:
    """Give the table row of one kind of fault."""
    abi = f"{kind.abi_code} {kind.abi_narrative}".strip()
    cells = (f"`{kind.code}`", kind.sentence, kind.next_step, str(kind.http_status), abi)
    return f"| {' | '.join(cell(each) for each in (*cells, str(kind.exit_code)))} |"


def faults_page() -> str:
    """Give the page of faults, one table a module that declares some."""
    by_module: dict[str, list[str]] = {}
    for module, code in declared():
        by_module.setdefault(module, []).append(code)
    parts = [FAULTS_OPENING]
    for module, codes in by_module.items():
        importlib.import_module(module)
        rows = "\n".join(fault_row(CATALOGUE[code]) for code in codes)
        parts.append(f"## {SECTIONS.get(module, module)}\n\n{FAULTS_HEAD}\n{rows}\n")
    return "\n".join(parts)


def main() -> None:
    """Write both pages."""
    FAULTS_PAGE.write_text(faults_page(), "utf-8")
    sections = [COMMANDS_OPENING, *(command_section(each) for each in commands())]
    COMMANDS_PAGE.write_text("\n".join(sections), "utf-8")


if __name__ == "__main__":
    main()
