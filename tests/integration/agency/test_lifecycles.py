"""The states that the lifecycle tables know are those that the database's checks allow."""

from __future__ import annotations

import re

import pytest

from customhouse.database import connect
from customhouse.lifecycle import (
    AUTHORIZATION,
    CREDIT_PART,
    STATEMENT,
    ImpossibleTransition,
    Lifecycle,
)
from customhouse.settings import Settings

CHECKS = """
select pg_get_constraintdef(c.oid) from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
where c.contype = 'c' and c.conrelid = %s::regclass and a.attname = 'state'
"""


@pytest.mark.parametrize(
    ("lifecycle", "table"),
    [
        (STATEMENT, "statement"),
        (AUTHORIZATION, "authorization_attempt"),
        (CREDIT_PART, "credit_part"),
    ],
)
def test_database_allows_the_states_of_the_lifecycle(
    settings: Settings, lifecycle: Lifecycle, table: str
) -> None:
    """One state more or less on either side is found here."""
    with connect(settings, "agency") as connection:
        ((definition,),) = connection.execute(CHECKS, (table,)).fetchall()
    assert set(re.findall(r"'([a-z_]+)'", definition)) == lifecycle.states
    assert lifecycle.initial in lifecycle.states
    for followers in lifecycle.transitions.values():
        assert followers <= lifecycle.states


def test_impossible_transition_is_a_fault_of_the_program() -> None:
    """A cancelled statement stays cancelled."""
    assert STATEMENT.allows("final", "preliminary")
    with pytest.raises(ImpossibleTransition, match="cancelled cannot become authorized"):
        STATEMENT.require("cancelled", "authorized")
