"""Write docs/reference/ach-rules.md and return-codes.md from the code.

Run ``python -m tests.docs.ach_pages`` after a change; a test keeps the pages equal to the code.
"""

from __future__ import annotations

from collections.abc import Iterable

from customhouse.formats import nacha_rules_batch, nacha_rules_entry, nacha_rules_file
from customhouse.formats.change_codes import CHANGE_CODES, REFUSED_CODES
from customhouse.formats.nacha_rules import RULES
from customhouse.formats.return_codes import RETURN_CODES, Stage
from customhouse.formats.return_consequences import (
    CONSEQUENCES,
    MOST_REPRESENTMENTS,
    QUESTIONABLE_FROM,
    REPRESENTMENT_DAYS,
)
from tests.docs.tree import ROOT

RULES_PAGE = ROOT / "docs" / "reference" / "ach-rules.md"
CODES_PAGE = ROOT / "docs" / "reference" / "return-codes.md"

RULES_OPENING = """\
# Rules of an ACH file

`customhouse ach check FILE` judges a file by these rules; the bank judges by them what it writes
and what it is sent. An id is stable, so a program may rely on it. Words in braces stand for the
values of the occasion; no message shows an account number.

Severity is what the operator rejects for it: the whole **file**, the **batch**, or the **entry**,
which alone comes back. A **warning** is rejected by nobody: a file with warnings only is good.
With `--profile bank` some rules only warn, because banks and operators do send such files;
the last column but one says why. With `--profile receiver`, by which the bank judges payments that
others send, only those warn that the last column marks: the entry and its money are whole, and
what is wrong with its addenda is told with it. Counts, hashes and totals are then compared all the
same.

One mistake is told once. After a record out of place the rest of its batch is not judged, and no
count, hash or total is compared that differs for a reason told before. Reading stops after 1,000
faults, and of each warning the first hundred are told. A file that was sent twice, or
comes from an unknown sender, cannot be known from its bytes alone and has no rule here.

References to appendices are to those of the Nacha Operating Rules.
"""
CODES_OPENING = """\
# Return and change codes

What an R or C code in a file from the operator means, who sends it, and until when. The operator
returns an entry for what is wrong with its form; a bank for what is wrong with the account, the
money or the authority.
"""
STAGES = {
    Stage.RETURN: "Returns",
    Stage.DISHONORED: "Dishonored returns",
    Stage.CONTESTED: "Contested dishonored returns",
}
STAGE_NOTES = {
    Stage.RETURN: "An entry comes back to its originator.",
    Stage.DISHONORED: "The originating bank does not take a return.",
    Stage.CONTESTED: "The receiving bank insists on a return; this ends the exchange.",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give a table in Markdown."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def rules_page() -> str:
    """Give the page of rules: one table for the file, one for batches, one for entries."""
    parts = [RULES_OPENING]
    for title, module in (
        ("The file", nacha_rules_file),
        ("Batches", nacha_rules_batch),
        ("Entries and their addenda", nacha_rules_entry),
    ):
        own = {id(value) for value in vars(module).values()}
        rows = [
            (
                f"`{rule.rule}`",
                rule.severity,
                rule.message,
                rule.hint,
                rule.source,
                rule.tolerated,
                "yes" if rule.spares_entry else "",
            )
            for rule in RULES.values()
            if id(rule) in own
        ]
        head = (
            "rule",
            "severity",
            "what it says",
            "what to do",
            "source",
            "bank profile warns",
            "receiver profile warns",
        )
        parts.append(f"## {title}\n\n{table(head, rows)}\n")
    return "\n".join(parts)


def codes_page() -> str:
    """Give the page of return and change codes."""
    parts = [CODES_OPENING]
    head = ("code", "meaning", "sent by", "until", "applies to", "entry classes", "from")
    for stage, title in STAGES.items():
        rows = [
            (
                code.code,
                code.meaning,
                code.sender.value,
                code.deadline.value,
                code.applies_to,
                " ".join(sorted(code.entry_classes)) or "any",
                code.effective_on.isoformat() if code.effective_on else "",
            )
            for code in RETURN_CODES.values()
            if code.stage is stage
        ]
        parts.append(f"## {title}\n\n{STAGE_NOTES[stage]}\n\n{table(head, rows)}\n")
    parts.append(_consequences())
    changes = [
        (
            code.code,
            code.meaning,
            code.layout,
            code.withdrawn_on.isoformat() if code.withdrawn_on else "",
        )
        for code in CHANGE_CODES.values()
    ]
    change_head = ("code", "meaning", "columns within the corrected data", "withdrawn")
    parts.append(
        "## Notifications of change\n\nThe receiving bank tells what to correct before the next"
        " entry. The bank keeps corrected\ndata encrypted; two persons apply it, or a rule for its"
        " code ([handle returns](../how-to/handle-returns.md)).\n\n"
        f"{table(change_head, changes)}\n"
    )
    parts.append(
        "## Refused notifications of change\n\nThe originating bank refuses a notification.\n\n"
        f"{table(('code', 'meaning'), REFUSED_CODES.items())}\n"
    )
    return "\n".join(parts)


def _consequences() -> str:
    """Give the section of what each return of a duty debit leads to here."""
    rows = [
        (
            each.code,
            each.from_on.isoformat() if each.from_on else "",
            each.consequence.act.value,
            each.consequence.step,
            "yes" if each.consequence.may_represent else "",
            "suspended" if each.consequence.suspends else "",
            "raised" if each.consequence.is_our_error else "",
            each.consequence.source,
        )
        for each in sorted(CONSEQUENCES, key=lambda each: (each.code, each.from_on is not None))
    ]
    head = ("code", "from", "who acts", "what to do", "again", "payer unit", "alarm", "source")
    return (
        "## What a return of a duty debit leads to\n\n"
        '"Again" means that the payer may authorize the statement again with the same account, at'
        f" most\n{MOST_REPRESENTMENTS} times within {REPRESENTMENT_DAYS.days} days of the"
        " first settlement. Every attempt here is a new authorization of the\npayer. An alarm is"
        " the bank's, because the entry itself was wrong. R17 with the word QUESTIONABLE,\nsince"
        f" {QUESTIONABLE_FROM.isoformat()}, is a suspicion of fraud: the unit is suspended and the"
        " fraud desk acts.\n\n"
        f"{table(head, rows)}\n"
    )


def main() -> None:
    """Write both pages."""
    RULES_PAGE.write_text(rules_page(), "utf-8")
    CODES_PAGE.write_text(codes_page(), "utf-8")


if __name__ == "__main__":
    main()
