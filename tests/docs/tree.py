"""The repository as the tests of tidiness see it: its files, parsed once.

Judging them is the work of the tests.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_product(self) -> bool:
        """Tell whether this is part of the program, not of its tests or benchmarks."""
        return self.path.startswith("src/")

    def at(self, node: ast.AST) -> str:
        """Give where a node stands, as an editor understands it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def modules() -> tuple[Module, ...]:
    """Give every Python file of src, tests and benchmarks."""
    return tuple(
        Module(str(path.relative_to(ROOT)), text, ast.parse(text))
        for folder in ("src", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
    )


def product() -> tuple[Module, ...]:
    """Give the Python files of the program."""
    return tuple(module for module in modules() if module.is_product)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Give every file that git tracks and that is there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def tracked_texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Give the path and text of each tracked text file, of these suffixes or of all."""
    for path in tracked_files():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def functions(module: Module) -> Iterator[Function]:
    """Give every function of a module, methods and inner ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            yield node


def is_public(node: ast.AST) -> bool:
    """Tell whether a node defines a function or a class without a leading underscore."""
    return isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")


def public_definitions(module: Module) -> Iterator[Function | ast.ClassDef]:
    """Give the public functions and classes of a module and their public methods."""
    for node in filter(is_public, module.tree.body):
        yield node
        if isinstance(node, ast.ClassDef):
            yield from (
                each for each in node.body if is_public(each) and isinstance(each, Function)
            )


def strings(module: Module) -> Iterator[ast.Constant]:
    """Give every string constant that is not a docstring."""
    docstrings = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node
