"""What a payer is told of who filed its form to join ACH Credit."""

from __future__ import annotations

import pytest

from customhouse.agency.credit_enrolment_document import spelled_filing
from customhouse.agency.credit_enrolments import BY_THE_PAYER, FiledBy


@pytest.mark.parametrize(
    ("filed_by", "filer_codes", "filers"),
    [
        (BY_THE_PAYER, [], 0),
        (FiledBy("sender", 7, ("B76",)), ["B76"], 1),
        (FiledBy("sender", 7, ("B76", "C08", "D11")), [], 3),
    ],
)
def test_the_other_filers_of_a_sender_are_not_told(
    filed_by: FiledBy, filer_codes: list[str], filers: int
) -> None:
    told = spelled_filing(filed_by)
    assert told == {"how": filed_by.how, "filer_codes": filer_codes, "filers": filers}
