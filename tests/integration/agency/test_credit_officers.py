"""Officers of the desk and their tokens."""

from __future__ import annotations

import pytest

from customhouse.agency import credit_officers
from customhouse.agency.credit_desk_faults import OFFICER_TOKEN_UNKNOWN, OFFICER_UNKNOWN
from customhouse.faults import Refused
from tests.integration.agency.harbor import Harbor

NAME = "Officer Renewed"


def test_a_renewed_token_opens_and_the_one_before_does_not(harbor: Harbor) -> None:
    with harbor.connect() as connection:
        before = credit_officers.add(connection, NAME, added_on=harbor.today)
        token = credit_officers.renew(connection, NAME)
        assert credit_officers.by_token(connection, token).name == NAME
        with pytest.raises(Refused) as refused:
            credit_officers.by_token(connection, before)
        assert refused.value.faults[0].kind == OFFICER_TOKEN_UNKNOWN


def test_nobody_out_of_office_gets_a_token(harbor: Harbor) -> None:
    with harbor.connect() as connection:
        before = credit_officers.add(connection, NAME, added_on=harbor.today)
        credit_officers.end(connection, NAME, ended_on=harbor.today)
        for name in (NAME, "Nobody"):
            with pytest.raises(Refused) as refused:
                credit_officers.renew(connection, name)
            assert refused.value.faults[0].kind == OFFICER_UNKNOWN
        with pytest.raises(Refused):
            credit_officers.by_token(connection, before)
