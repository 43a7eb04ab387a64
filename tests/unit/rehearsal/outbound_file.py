"""A bank's file of debits, written out column by column for these tests alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FILLER = "9" * 94
ODFI = "12345678"


@dataclass(frozen=True, slots=True)
class Debit:
    """One debit of a test's file; ``trace`` is its sequence, ``dollars`` what its addendum says."""

    statement: str
    cents: int
    trace: int
    routing: str = "021000021"
    account: str = "000123456789"
    code: str = "27"

    @property
    def dollars(self) -> str:
        """Give the amount as the addendum writes it."""
        return f"{self.cents // 100}.{self.cents % 100:02d}"


def entry_lines(debit: Debit) -> list[str]:
    """Write the entry and its addendum."""
    trace = f"{ODFI}{debit.trace:07d}"
    remittance = f"RMR*ST*{debit.statement}**{debit.dollars}\\"
    return [
        f"6{debit.code}{debit.routing}{debit.account:17}{debit.cents:010d}"
        f"{debit.statement:15}{'EXAMPLE IMPORTS':22}  1{trace}",
        f"705{remittance:80}0001{debit.trace:07d}",
    ]


def outbound_lines(
    debits: list[Debit], *, created: date, effective: date | None, modifier: str = "A"
) -> list[str]:
    """Write every record of a file with one batch, filled to whole blocks."""
    entries = [line for debit in debits for line in entry_lines(debit)]
    hashed = sum(int(debit.routing[:8]) for debit in debits) % 10**10
    total = sum(debit.cents for debit in debits)
    counts = f"{len(entries):06d}{hashed:010d}{total:012d}{0:012d}"
    wanted = f"{effective:%y%m%d}" if effective else "      "
    lines = [
        f"101 010203046 123456780{created:%y%m%d}0900{modifier}094101"
        f"{'OPERATOR':23}{'BANK':23}{'':8}",
        f"5225{'US CUSTOMS DUTY':16}{'':20}{'9CUSTOMS01':10}CCDCUSTOMSDTY{'':6}{wanted}"
        f"   1{ODFI}0000001",
        *entries,
        f"8225{counts}{'9CUSTOMS01':10}{'':25}{ODFI}0000001",
    ]
    blocks = -(-(len(lines) + 1) // 10)
    lines.append(f"9000001{blocks:06d}{len(entries):08d}{hashed:010d}{total:012d}{0:012d}{'':39}")
    return lines + [FILLER] * (blocks * 10 - len(lines))


def as_bytes(lines: list[str]) -> bytes:
    """Put records together, each ended by a line feed."""
    return "".join(line + "\n" for line in lines).encode("ascii")
