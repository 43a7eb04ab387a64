"""Every fault that the program declares is on the page of faults, and none that is gone."""

from __future__ import annotations

import re

from tests.docs.reference_pages import FAULTS_PAGE, declared

CODE = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)


def test_every_fault_is_on_the_page() -> None:
    on_page = CODE.findall(FAULTS_PAGE.read_text(encoding="utf-8"))
    missing = [
        f"{kind.code} of {module}" for module, kind in declared() if kind.code not in on_page
    ]
    assert not missing, "run make reference: " + ", ".join(missing)


def test_the_page_names_no_fault_that_is_gone() -> None:
    known = {kind.code for _, kind in declared()}
    gone = set(CODE.findall(FAULTS_PAGE.read_text(encoding="utf-8"))) - known
    assert not gone, "run make reference: " + ", ".join(sorted(gone))
