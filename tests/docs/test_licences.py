"""What is installed to run the program may be used in a work under the Apache License."""

from __future__ import annotations

import re
from importlib import metadata

from tests.docs.tree import ROOT

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "LGPL-3.0-only",  # psycopg, used as a library that anyone can replace
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def licences(distribution: metadata.Distribution) -> set[str]:
    """Give the licences that a package offers to choose from, by their SPDX names."""
    said = distribution.metadata
    expression = said.get("License-Expression") or ""
    if expression:
        return set(re.split(r" OR ", expression))
    named = [each.split(" :: ")[-1] for each in said.get_all("Classifier") or []]
    by_classifier = {CLASSIFIERS[each] for each in named if each in CLASSIFIERS}
    return by_classifier or {(said.get("License") or "unknown").strip()}


def fits(offered: set[str]) -> bool:
    """Tell whether one of the licences offered will do; of several joined by AND each must."""
    return any(set(choice.split(" AND ")) <= ALLOWED for choice in offered)


def runtime_packages() -> list[metadata.Distribution]:
    """Give what requirements.txt pins and this machine's Python therefore has."""
    pins = PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    installed = {
        re.sub(r"[-_.]+", "-", each.name).lower(): each for each in metadata.distributions()
    }
    return [installed[name] for name, _, _ in pins if name in installed]


def test_every_runtime_package_has_a_licence_that_fits() -> None:
    packages = runtime_packages()
    assert len(packages) > 30
    unfit = [
        f"{package.name}: {', '.join(sorted(licences(package)))}"
        for package in packages
        if not fits(licences(package))
    ]
    assert not unfit, "\n".join(unfit)
