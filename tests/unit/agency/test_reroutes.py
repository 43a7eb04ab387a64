"""Rules of copies on request: every published condition, and what a request means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from customhouse.agency.abi_answers import condition_of
from customhouse.agency.reroutes import RerouteBlock, RerouteFacts, Wanted, judge
from customhouse.formats.abi_envelope import AnswerBlock, StatementHeading
from customhouse.formats.abi_reroute import RerouteRequest

TODAY = date(2026, 11, 25)
SENT = date(2026, 11, 24)
X, Y = "12-345678900", "98-765432100"
FACTS = RerouteFacts(
    business_date=TODAY,
    filer_codes=("B76", "C08"),
    importers=frozenset({X}),
    statements={"3927328001": "B76", "3927328002": "C08"},
)
ASK = RerouteRequest(SENT, "Y", "Y")


def codes(*requests: RerouteRequest) -> list[str]:
    """Give the conditions of a block of B76 at 3901."""
    found = judge(RerouteBlock("3901", "B76", requests), FACTS)
    return [] if isinstance(found, Wanted) else [condition_of(fault).code for fault in found]


def asked(**values: object) -> RerouteRequest:
    """Give a good request with some values changed."""
    return replace(ASK, **values)


@pytest.mark.parametrize(
    ("request_made", "expected"),
    [
        (asked(), []),
        (asked(transmission_date=TODAY), []),
        (asked(transmission_date=TODAY - timedelta(60)), []),
        (asked(transmission_date=TODAY - timedelta(61)), ["MS2"]),
        (asked(transmission_date=TODAY + timedelta(1)), ["MS3"]),
        (asked(transmission_date=None, date_text="023026"), ["MS3"]),
        (asked(transmission_date=None), ["MS3"]),
        (asked(importer_number=Y), ["MS4"]),
        (asked(importer_number="NOBODY"), ["MS4"]),
        (asked(importer_number="12-3456789"), []),
        (asked(statement_number="3927328001"), []),
        (asked(statement_number="3927328ZZZ"), ["MS5"]),
        (asked(statement_number="3927328002"), ["MSD"]),
        (asked(statement_number="3927328002", scope="A"), []),
        (asked(statement_number="392732800"), ["MSB"]),
        (asked(scope="B"), ["MS6"]),
        (asked(preliminary="X"), ["MS7"]),
        (asked(final="1"), ["MS7"]),
        (asked(preliminary="", final="Y"), ["MSC"]),
        (asked(preliminary="N", final="N"), ["MSC"]),
        (asked(importer_number=X, scope="A"), ["MS8"]),
        (asked(client_branch="X1", statement_number="3927328001"), ["MS8"]),
        (asked(transmission_date=None, final="?", scope="?"), ["MS3", "MS7", "MS6"]),
    ],
)
def test_every_condition(request_made: RerouteRequest, expected: list[str]) -> None:
    assert codes(request_made) == expected


def test_a_block_holds_exactly_one_request() -> None:
    assert codes() == ["MS1"]
    assert codes(ASK, ASK) == ["MS0"]


def block(status: str = "P", **values: str) -> AnswerBlock:
    """Give a statement as it was sent."""
    told = {"number": "3927328001", "payment_type": "3", "importer_number": X, "branch": ""}
    told |= {"port": "3901", "filer_code": "B76"} | values
    heading = StatementHeading(
        status,
        told["number"],
        SENT,
        told["payment_type"],
        told["importer_number"],
        told["branch"],
    )
    return AnswerBlock(told["port"], told["filer_code"], "", "", (), heading)


@pytest.mark.parametrize(
    ("request_made", "statement", "expected"),
    [
        (asked(), block(), True),
        (asked(preliminary="N"), block(), False),
        (asked(preliminary="N"), block("F"), True),
        (asked(final="N"), block("F"), False),
        (asked(), block(port="3902"), False),
        (asked(), block(filer_code="C08"), False),
        (asked(scope="A"), block(filer_code="C08", port="3902"), True),
        (asked(scope="A"), block(filer_code="Z99"), False),
        (asked(statement_number="3927328001"), block(number="3927328003"), False),
        (asked(importer_number=X), block(), True),
        (asked(importer_number=X), block(importer_number=Y), False),
        (asked(importer_number=X), block(importer_number="", payment_type="2"), False),
        (asked(importer_number=X), block(importer_number="12-3456789", payment_type="5"), True),
        (asked(client_branch="X1"), block(), False),
        (asked(client_branch="X1"), block(branch="X1"), True),
    ],
)
def test_what_a_request_means(
    request_made: RerouteRequest, statement: AnswerBlock, *, expected: bool
) -> None:
    wanted = judge(RerouteBlock("3901", "B76", (request_made,)), FACTS)
    assert isinstance(wanted, Wanted)
    assert wanted.means(statement) is expected
