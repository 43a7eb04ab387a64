"""The commands of ``customhouse`` as a tree, for the tests and the page that describe them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer.main


@dataclass(frozen=True)
class Command:
    """One command or group: its words, its help and its parameters as click holds them."""

    words: tuple[str, ...]
    help: str
    parameters: tuple[Any, ...]
    is_group: bool

    @property
    def spelled(self) -> str:
        """Give the command as it is typed."""
        return " ".join(self.words)

    @property
    def options(self) -> tuple[str, ...]:
        """Give the long spelling of each option that this command takes."""
        return tuple(
            spelling
            for parameter in self.parameters
            if parameter.param_type_name == "option"
            for spelling in [*parameter.opts, *parameter.secondary_opts]
            if spelling.startswith("--")
        )


def commands() -> tuple[Command, ...]:
    """Give every visible command and group below ``customhouse``, depth first."""
    cli = importlib.import_module("customhouse.trade.cli")
    return tuple(_walk(typer.main.get_command(cli.app), ("customhouse",)))


def _walk(node: Any, words: tuple[str, ...]) -> Iterator[Command]:
    children = getattr(node, "commands", None)
    parameters = tuple(
        each for each in node.params if each.name != "help" and not getattr(each, "hidden", False)
    )
    yield Command(words, node.help or "", parameters, is_group=children is not None)
    for name, child in sorted((children or {}).items()):
        if not child.hidden:
            yield from _walk(child, (*words, name))
