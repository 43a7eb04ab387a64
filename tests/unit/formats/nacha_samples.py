"""Good ACH files as values, one for each kind of file that the program reads or writes.

All parties, routing and account numbers are made up.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_codes import routing_check_digit
from customhouse.formats.nacha_file import FileTotals, write_file
from customhouse.formats.nacha_records import (
    Addenda05,
    Addenda98,
    Addenda99,
    BatchHeader,
    ContestedAddenda99,
    DishonoredAddenda99,
    Entry,
    FileHeader,
    RefusedAddenda98,
)
from customhouse.formats.nacha_rules import AchFault, Profile

GOLDEN = Path(__file__).parents[2] / "golden" / "ach"
ODFI = "12345678"
PAYER_BANK = "01020304"
ACCOUNT = "70918273645500991"
SHORT_ACCOUNT = "4455667788"

HEADER = FileHeader(
    immediate_destination="010203046",
    immediate_origin="123456780",
    creation_date=date(2026, 11, 23),
    creation_time="0900",
    file_id_modifier="A",
    destination_name="EXAMPLE OPERATOR",
    origin_name="EXAMPLE HARBOR BANK",
)
DEBITS = BatchHeader(
    service_class_code=225,
    company_name="US CUSTOMS DUTY",
    company_discretionary_data="",
    company_identification="9CUSTOMS01",
    sec_code="CCD",
    entry_description="CUSTOMSDTY",
    descriptive_date="",
    effective_entry_date=date(2026, 11, 24),
    settlement_day=None,
    originator_status_code="2",
    odfi_identification=ODFI,
    batch_number=1,
)
CREDITS = replace(DEBITS, service_class_code=220, entry_description="REFUND")

Batches = list[tuple[BatchHeader, Sequence[Entry]]]


@dataclass(frozen=True)
class Sample:
    """One good file: its header and its batches."""

    header: FileHeader
    batches: Batches


def trace(number: int, bank: str = ODFI) -> str:
    """Give the trace number of a bank's n-th entry."""
    return f"{bank}{number:07d}"


def entry(code: int, cents: int, number: int, **changes: object) -> Entry:
    """Give an entry to the made-up payer, with other values where they are named."""
    made = Entry(
        transaction_code=code,
        receiving_dfi=PAYER_BANK,
        check_digit=routing_check_digit(PAYER_BANK),
        account_number=ACCOUNT,
        amount_cents=cents,
        identification_number="3927327001",
        receiving_name="EXAMPLE BROKERS",
        discretionary_data="",
        trace_number=trace(number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def paid(code: int, cents: int, number: int, *texts: str) -> Entry:
    """Give an entry with one 05 addendum for each text."""
    addenda = [
        Addenda05.of(trace(number), text, sequence=position)
        for position, text in enumerate(texts, 1)
    ]
    return entry(code, cents, number, addenda=tuple(addenda))


def returned(code: int, cents: int, number: int, addenda: object) -> Entry:
    """Give an entry that came back to the made-up bank."""
    bank = {"receiving_dfi": ODFI, "check_digit": routing_check_digit(ODFI)}
    back = {"trace_number": trace(number, PAYER_BANK), "addenda": (addenda,)}
    return entry(code, cents, number, account_number=SHORT_ACCOUNT, **bank, **back)


def _return(code: str, number: int, **changes: object) -> Addenda99:
    made = Addenda99(code, trace(number), PAYER_BANK, None, "", trace(number, PAYER_BANK))
    return replace(made, **changes)  # type: ignore[arg-type]


def _dishonored(code: str, number: int, information: str) -> DishonoredAddenda99:
    own = trace(number, PAYER_BANK)
    back = trace(number + 500, PAYER_BANK)
    return DishonoredAddenda99(code, trace(number), PAYER_BANK, back, 329, "01", information, own)


def _contested(code: str, number: int, returned_on: date | None) -> ContestedAddenda99:
    return ContestedAddenda99(
        return_code=code,
        original_trace=trace(number),
        date_returned=returned_on,
        original_dfi=PAYER_BANK,
        original_settlement_day=328 if returned_on else None,
        return_trace=trace(number + 500, PAYER_BANK),
        return_settlement_day=329,
        return_reason="01",
        dishonored_trace=trace(number + 900),
        dishonored_settlement_day=331,
        dishonored_reason="68",
        trace=trace(number, PAYER_BANK),
    )


def _change(code: str, number: int, corrected: str) -> Addenda98:
    return Addenda98(code, trace(number), PAYER_BANK, corrected, trace(number, PAYER_BANK))


def _refused_change(number: int) -> RefusedAddenda98:
    own = trace(number, PAYER_BANK)
    return RefusedAddenda98("C62", trace(number), PAYER_BANK, SHORT_ACCOUNT, "C01", own[8:], own)


RETURNS = replace(DEBITS, odfi_identification=PAYER_BANK, settlement_day=329)
CHANGES = replace(RETURNS, sec_code="COR")

SAMPLES = {
    "ccd_debits": Sample(
        HEADER,
        [
            (
                DEBITS,
                [
                    paid(27, 104_608, 1, "RMR*ST*3927327001**1046.08\\"),
                    paid(37, 250_000, 2, "RMR*ST*3927327002**2500.00\\"),
                    entry(27, 300, 3, account_number=SHORT_ACCOUNT),
                ],
            )
        ],
    ),
    "ctx_credits": Sample(
        replace(HEADER, file_id_modifier="B"),
        [
            (
                replace(CREDITS, sec_code="CTX"),
                [
                    paid(22, 9_999_999_999, 1, "A" * 80, "B" * 80, "RMR*RF*1**3.00\\"),
                    paid(32, 1, 2, "RMR*RF*2**0.01\\"),
                ],
            ),
            (replace(CREDITS, batch_number=2), [entry(22, 300, 3)]),
        ],
    ),
    "prenotes": Sample(HEADER, [(DEBITS, [entry(28, 0, 1), paid(38, 0, 2, "WELCOME")])]),
    "zero_dollar": Sample(
        HEADER,
        [
            (CREDITS, [paid(24, 0, 1, "RMR*RF*1**0.00\\")]),
            (
                replace(CREDITS, sec_code="CTX", batch_number=2),
                [paid(34, 0, 2, "RMR*RF*2**0.00\\", "RMR*RF*3**0.00\\")],
            ),
        ],
    ),
    "returns": Sample(
        HEADER,
        [
            (
                RETURNS,
                [
                    returned(26, 104_608, 1, _return("R01", 1)),
                    returned(36, 250_000, 2, _return("R17", 2, information="QUESTIONABLE")),
                ],
            ),
            (
                replace(RETURNS, service_class_code=220, sec_code="CTX", batch_number=2),
                [
                    replace(
                        returned(21, 300, 3, _return("R15", 3, date_of_death=date(2026, 10, 2))),
                        addenda_count=4,
                    )
                ],
            ),
        ],
    ),
    "dishonored": Sample(
        HEADER,
        [
            (
                RETURNS,
                [
                    returned(26, 104_608, 1, _dishonored("R68", 1, "")),
                    returned(26, 300, 2, _dishonored("R69", 2, "01*03*06")),
                ],
            ),
            (
                replace(RETURNS, batch_number=2),
                [
                    returned(26, 104_608, 3, _contested("R73", 3, date(2026, 11, 25))),
                    returned(26, 300, 4, _contested("R76", 4, None)),
                ],
            ),
        ],
    ),
    "changes": Sample(
        HEADER,
        [
            (
                CHANGES,
                [
                    returned(26, 0, 1, _change("C01", 1, "99887766")),
                    returned(26, 0, 2, _change("C03", 2, "010203046   99887766")),
                    returned(36, 0, 3, _change("C13", 3, "")),
                ],
            ),
            (replace(CHANGES, batch_number=2), [returned(26, 0, 4, _refused_change(4))]),
        ],
    ),
}


def written(sample: Sample, newline: str = "\n") -> tuple[bytes, FileTotals]:
    """Write a file and give its bytes and totals."""
    stream = io.BytesIO()
    totals = write_file(stream, sample.header, batches=sample.batches, newline=newline)
    return stream.getvalue(), totals


def lines_of(name: str) -> list[bytes]:
    """Give the lines of a sample."""
    return written(SAMPLES[name])[0].splitlines()


def faults_in(lines: list[bytes], profile: Profile = "strict") -> list[AchFault]:
    """Check lines as a file in which each ends with LF."""
    return list(check_file(io.BytesIO(b"".join(line + b"\n" for line in lines)), profile))
