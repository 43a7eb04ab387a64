"""The sizes and names of STYLE.md, for every Python file of the program and of its tests."""

from __future__ import annotations

import ast
import re

from tests.docs.tree import Function, Module, functions, modules, product, public_definitions

MAX_LINE = 100
MAX_FILE = 400
MAX_FUNCTION = 70
MAX_PARAMETERS = 6
MAX_BY_POSITION = 2
MAX_BY_POSITION_INSIDE = 3  # of a function that only its own module calls
# What work is done with, not what it is about: these do not count, and are plain to see.
SURROUNDINGS = {"connection", "cursor", "clock", "settings", "request", "report"}
MAX_NESTING = 3
MAX_NESTING_IN_TESTS = 4  # databases and processes are opened one in another
LEFTOVER_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "kit"}
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def length(function: Function) -> int:
    """Give the lines of a function from its name to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def by_position(function: Function) -> list[ast.arg]:
    """Give the parameters that a caller may pass by position, without self or cls."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    return parameters[1:] if parameters and parameters[0].arg in {"self", "cls"} else parameters


def subjects(function: Function) -> list[ast.arg]:
    """Give the parameters by position that say what a call is about."""
    return [each for each in by_position(function) if each.arg not in SURROUNDINGS]


def most_by_position(function: Function) -> int:
    """Give how many subjects may be passed by position."""
    return MAX_BY_POSITION_INSIDE if function.name.startswith("_") else MAX_BY_POSITION


def nesting(node: ast.AST, depth: int = 0) -> int:
    """Give how deep blocks stand in one another; an elif stands no deeper than its if."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        opens = isinstance(child, BLOCKS) and not is_elif
        deepest = max(deepest, nesting(child, depth + opens))
    return deepest


def most_nesting(module: Module) -> int:
    """Give how deep blocks of a module may stand in one another."""
    return MAX_NESTING if module.is_product else MAX_NESTING_IN_TESTS


def is_called_by_pytest(module: Module, function: Function) -> bool:
    """Tell whether pytest or hypothesis fills in the parameters, always by name."""
    marks = " ".join(ast.unparse(mark) for mark in function.decorator_list)
    named = function.name.startswith(("test_", "pytest_")) or "fixture" in marks
    return not module.is_product and (named or "composite" in marks)


def is_typer_command(function: Function) -> bool:
    """Tell whether the command line fills in the parameters, which Annotated describes."""
    marks = " ".join(ast.unparse(mark) for mark in function.decorator_list)
    return ".command(" in marks or ".callback(" in marks


def test_lines_are_short() -> None:
    long = [
        f"{module.path}:{number} has {len(line)} characters"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if len(line) > MAX_LINE
    ]
    assert not long, "\n".join(long)


def test_files_are_short() -> None:
    long = [
        f"{module.path} has {lines} lines"
        for module in modules()
        if (lines := len(module.text.splitlines())) > MAX_FILE
    ]
    assert not long, "\n".join(long)


def test_functions_are_short() -> None:
    long = [
        f"{module.at(function)} {function.name} has {length(function)} lines"
        for module in modules()
        for function in functions(module)
        if length(function) > MAX_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_functions_take_few_parameters() -> None:
    many = [
        f"{module.at(function)} {function.name} takes {count}"
        for module in modules()
        for function in functions(module)
        if (count := len(subjects(function)) + len(function.args.kwonlyargs)) > MAX_PARAMETERS
        and not is_typer_command(function)
    ]
    assert not many, "\n".join(many)


def test_parameters_after_the_second_are_passed_by_name() -> None:
    many = [
        f"{module.at(function)} {function.name} takes {len(subjects(function))} by position"
        for module in product()
        for function in functions(module)
        if len(subjects(function)) > most_by_position(function)
        and not is_typer_command(function)
        and not (function.name.startswith("__") and function.name.endswith("__"))
    ]
    assert not many, "\n".join(many)


def test_no_boolean_is_one_of_several_passed_by_position() -> None:
    found = [
        f"{module.at(function)} {function.name}: {parameter.arg}"
        for module in modules()
        for function in functions(module)
        for parameter in by_position(function)
        if len(by_position(function)) > 1
        and parameter.annotation is not None
        and ast.unparse(parameter.annotation).replace(" | None", "") == "bool"
        and not is_called_by_pytest(module, function)
        and not is_typer_command(function)
    ]
    assert not found, "\n".join(found)


def test_blocks_are_not_nested_deeply() -> None:
    deep = [
        f"{module.at(function)} {function.name} nests {depth} deep"
        for module in modules()
        for function in functions(module)
        if (depth := nesting(function)) > most_nesting(module)
    ]
    assert not deep, "\n".join(deep)


def test_no_module_is_named_after_leftovers() -> None:
    found = [
        module.path
        for module in modules()
        if LEFTOVER_NAMES & set(re.split(r"[/_.]", module.path.lower()))
    ]
    assert not found, "\n".join(found)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module.path
        for module in modules()
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert not silent, "\n".join(silent)


def test_every_public_definition_of_the_program_is_described() -> None:
    silent = [
        f"{module.at(definition)} {definition.name}"
        for module in product()
        for definition in public_definitions(module)
        if not ast.get_docstring(definition)
    ]
    assert not silent, "\n".join(silent)


def test_the_depth_of_nesting_is_counted_rightly() -> None:
    chain = "def f():\n if a:\n  b()\n elif c:\n  d()\n elif e:\n  g()\n else:\n  for x in y: h()"
    assert nesting(ast.parse(chain).body[0]) == 2
    assert nesting(ast.parse("for a in b:\n with c:\n  while d:\n   if e: f()")) == 4
