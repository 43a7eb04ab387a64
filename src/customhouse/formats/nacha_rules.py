"""What a rule of an ACH file is, and the fault that comes of breaking one.

The rules themselves are rows in nacha_rules_file, nacha_rules_batch and nacha_rules_entry, by the
level on which they are judged; the judging is in nacha_check. Ids are stable: programs rely on
them. No message has room for an account number.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final, Literal

Severity = Literal["file", "batch", "entry", "warning"]
Profile = Literal["strict", "bank", "receiver"]
PROFILES: Final[tuple[Profile, ...]] = ("strict", "bank", "receiver")
# What concerns nothing but the addenda of one entry.
_ADDENDA_ALONE: Final = frozenset(
    {
        "ach.entry.addenda-unannounced",
        "ach.entry.addenda-missing",
        "ach.entry.zero-dollar-addenda",
        "ach.entry.addenda-sequence",
        "ach.entry.addenda-entry-sequence",
        "ach.entry.ctx-count",
    }
)


@dataclass(frozen=True, slots=True)
class AchFault:
    """One broken rule where it was broken: the line from 1, the columns as "30-39", or "".

    ``severity`` says what the operator rejects for it: the whole file, the batch, or the entry;
    a "warning" is rejected by nobody.
    """

    rule: str
    severity: Severity
    line: int
    columns: str
    message: str
    hint: str

    @property
    def is_warning(self) -> bool:
        """Tell whether a file with only such faults is good."""
        return self.severity == "warning"

    def to_json(self) -> str:
        """Give the fault as one line of JSON with its six members."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable id, what breaking it costs, a sentence, a next step and its source.

    ``tolerated`` is the reason why the bank profile, for files that banks and operators send,
    only warns of it; where it is empty the rule is as strict there. The receiver profile, for
    payments that others send, only warns of what ``spares_entry``.
    """

    rule: str
    severity: Severity
    message: str
    hint: str
    source: str
    tolerated: str = ""

    @property
    def spares_entry(self) -> bool:
        """Tell whether only addenda do not fit: the entry and its money are whole."""
        return self.rule in _ADDENDA_ALONE

    def severity_in(self, profile: Profile) -> Severity:
        """Say what breaking the rule costs in a file of this profile."""
        spared = {"strict": False, "bank": bool(self.tolerated), "receiver": self.spares_entry}
        return "warning" if spared[profile] else self.severity

    def at(
        self, line: int, columns: str = "", *, severity: Severity | None = None, **values: object
    ) -> AchFault:
        """Make the fault of breaking this rule on ``line``, with the values its message names."""
        message = self.message.format_map(values)
        return AchFault(self.rule, severity or self.severity, line, columns, message, self.hint)


RULES: Final[dict[str, Rule]] = {}


def declare(
    rule: str,
    severity: Severity,
    *,
    message: str,
    hint: str,
    source: str,
    tolerated: str = "",
) -> Rule:
    """Add a rule to the catalogue; raise ValueError when its id is taken."""
    if rule in RULES:
        raise ValueError(f"the rule {rule} is declared twice")
    made = Rule(rule, severity, message, hint, source, tolerated)
    RULES[rule] = made
    return made
