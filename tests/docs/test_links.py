"""Every relative link in a document leads to a file, and to a heading when it names one."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.tree import ROOT, tracked_texts

LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]*)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as the usual readers of Markdown make them."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def leads_nowhere(page: str, link: str) -> bool:
    """Tell whether a link on a page misses its file or its heading."""
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


def test_links_lead_somewhere() -> None:
    broken = [
        f"{page}: {link}"
        for page, text in tracked_texts(".md")
        for link in LINK.findall(FENCED.sub("", text))
        if leads_nowhere(page, link)
    ]
    assert not broken, "\n".join(broken)


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "README.md", ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links]
    pages = {ROOT / path for path, _ in tracked_texts(".md") if path.startswith("docs/")}
    lost = sorted(str(page.relative_to(ROOT)) for page in pages - reached)
    assert not lost, "no page links to " + ", ".join(lost)
