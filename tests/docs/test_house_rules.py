"""Money, time, SQL and places, as STYLE.md wants them in every file."""

from __future__ import annotations

import ast
import re

from tests.docs.tree import ROOT, product, strings, tracked_files, tracked_texts

SQL_VERB = re.compile(
    r"\s*(select\s(?!1$)|insert into|update\s+\w+\s+set|delete from|with \w+ as"
    r"|copy \w+ (\(|from|to)|merge into|create (table|role|user|schema|index)"
    r"|alter (table|role|user)|drop (table|role|schema)|grant |truncate )",
    re.IGNORECASE,
)
SQL_CLOCK = re.compile(
    r"\b(now\s*\(\s*\)|current_date|current_timestamp|current_time|localtimestamp|localtime"
    r"|(clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)
PYTHON_CLOCKS = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "timezone.now",
}
# Written in two halves, so that this file does not name what it looks for.
FOREIGN_HOSTS = tuple(
    "".join(halves)
    for halves in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry", ".npmjs"),
        ("deb", ".debian.org"),
        ("artifact", "ory"),
        ("proxy.golang", ".org"),
    )
)
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(root|home/[a-z]\w*|Users/\w+|work|opt/(pypi|wheels)[\w-]*)/|\.\./shared\b"
)


def dotted(node: ast.expr) -> str:
    """Give the source of a called name: ``datetime.now`` for ``datetime.now(UTC)``."""
    return ast.unparse(node)


def test_no_float_and_no_decimal_in_the_program() -> None:
    found = []
    for module in product():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and dotted(node.func) in {"float", "Decimal"}:
                found.append(f"{module.at(node)} calls {dotted(node.func)}")
            imported = isinstance(node, ast.ImportFrom) and node.module == "decimal"
            imported |= isinstance(node, ast.Import) and node.names[0].name == "decimal"
            if imported:
                found.append(f"{module.at(node)} imports decimal")
    assert not found, "\n".join(found)


def makes_a_float(node: ast.AST) -> bool:
    """Tell whether a node divides with a slash or rounds."""
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return divides or (isinstance(node, ast.Call) and dotted(node.func) == "round")


def test_no_cents_are_divided_into_a_float() -> None:
    found = [
        f"{module.at(node)} {ast.unparse(node)}"
        for module in product()
        for node in ast.walk(module.tree)
        if makes_a_float(node) and "cents" in ast.unparse(node)
    ]
    assert not found, "\n".join(found)


def test_only_the_clock_asks_for_the_time() -> None:
    found = [
        f"{module.at(node)} calls {dotted(node.func)}"
        for module in product()
        if module.path != "src/customhouse/clock.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and dotted(node.func) in PYTHON_CLOCKS
    ]
    assert not found, "\n".join(found)


def test_no_sql_asks_the_database_for_the_time() -> None:
    in_code = [
        f"{module.at(text)} asks the database for the time"
        for module in product()
        for text in strings(module)
        if SQL_VERB.match(str(text.value)) and SQL_CLOCK.search(str(text.value))
    ]
    in_files = [
        f"{path}:{number} asks the database for the time"
        for path, content in tracked_texts(".sql")
        for number, line in enumerate(content.splitlines(), 1)
        if SQL_CLOCK.search(line.partition("--")[0])
    ]
    assert not in_code + in_files, "\n".join(in_code + in_files)


def test_no_sql_is_put_together_from_strings() -> None:
    found = [
        f"{module.at(node)} puts SQL together"
        for module in product()
        for node in ast.walk(module.tree)
        if SQL_VERB.match(literal_text(node))
    ]
    assert not found, "\n".join(found)


def literal_text(node: ast.AST) -> str:
    """Give the literal text of an f-string or of ``"literal".format(...)``, else nothing."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
    is_format = isinstance(node, ast.Attribute) and node.attr == "format"
    if is_format and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


def test_statements_of_a_store_are_upper_case_constants() -> None:
    found = [
        f"{module.at(text)} is SQL outside an upper-case constant of the module"
        for module in product()
        if module.path.endswith("_store.py")
        for text in strings(module)
        if SQL_VERB.match(str(text.value)) and id(text) not in constants_of(module.tree)
    ]
    assert not found, "\n".join(found)


def constants_of(tree: ast.Module) -> set[int]:
    """Give the identities of the strings assigned to an upper-case name of a module."""
    found = set()
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and target.id.isupper():
            found |= {id(each) for each in ast.walk(node.value)}
    return found


def test_sql_stands_in_stores_only() -> None:
    allowed = (
        "_store.py",
        "invariants.py",
        "/database.py",
        "/database_roles.py",
        "/migrations.py",
    )
    found = [
        f"{module.at(text)} is SQL outside a store"
        for module in product()
        if not module.path.endswith(allowed) and "/database" not in module.path
        for text in strings(module)
        if SQL_VERB.match(str(text.value)) and str(text.value).strip().islower()
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = []
    for path, content in tracked_texts():
        for number, line in enumerate(content.splitlines(), 1):
            found += [f"{path}:{number} names {host}" for host in FOREIGN_HOSTS if host in line]
            if place := MACHINE_PATH.search(line):
                found.append(f"{path}:{number} names {place.group()}")
    assert not found, "\n".join(found)


def test_no_file_is_huge_and_no_generated_file_is_tracked() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.stat().st_size > 600_000 or {"__pycache__", ".venv", "var"} & set(path.parts)
    ]
    assert not found, "\n".join(found)
