"""An officer's counter at the exception desk of a harbor, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from customhouse.agency import credit_desk_acts, credit_officers
from customhouse.agency.credit_desk_cases import Desk, Outcome
from customhouse.agency.credit_desk_shares import Share, read_share
from customhouse.agency.credit_officers import Officer
from tests.integration.agency.cashier import Cashier
from tests.integration.agency.harbor import BROKER, IMPORTER_X, IMPORTER_Y, TUESDAY, Harbor

DUE = 100_000
REASON = "Read from the payer's letter."


@dataclass
class Counter:
    """A harbor whose payers push money, and an officer who decides about what waits."""

    cashier: Cashier
    officers: dict[str, Officer] = field(default_factory=dict)

    @classmethod
    def opened(cls, harbor: Harbor, *, joined: tuple[str, ...] = (BROKER,)) -> Counter:
        """Let payers join and two officers begin."""
        counter = cls(Cashier(harbor))
        for identifier in joined:
            counter.cashier.enroll(identifier)
        with harbor.connect() as connection:
            for name in ("Officer One", "Officer Two"):
                credit_officers.add(connection, name, added_on=harbor.today)
                counter.officers[name] = credit_officers.by_name(connection, name)
        return counter

    @property
    def harbor(self) -> Harbor:
        """Give the harbor."""
        return self.cashier.harbor

    def desk(self, name: str = "Officer One", **values: object) -> Desk:
        """Give an officer's desk on the open business date."""
        officer = self.officers[name]
        today = replace(self.cashier.today, actor=officer.officer_id)
        return Desk(officer, today, **values)  # type: ignore[arg-type]

    def statements(self, count: int = 1, **values: object) -> list[str]:
        """Print statements of 1,000.00 each on Tuesday, one a client branch; give the numbers."""
        for place in range(count):
            given = {"charges": {"001": DUE}, "client_branch": f"{place:02d}"} | values
            self.harbor.entry(place + 1, **given)
        self.harbor.print()
        rows = self.harbor.rows("select statement_number from statement order by 1")
        return [number for (number,) in rows]

    def waiting(self) -> list[str]:
        """Give the ids of what waits."""
        rows = self.harbor.rows(
            "select part_id from credit_part where state = 'unapplied' order by part_id"
        )
        return [part_id for (part_id,) in rows]

    def decide(self, action: str, part_id: str, *given: object, **values: object) -> Outcome:
        """Let an officer decide, in a transaction."""
        name = str(values.pop("officer", "Officer One"))
        tried = bool(values.pop("tried", False))
        if action != "ask":
            values.setdefault("reason", REASON)
        if action == "apply":
            (number,) = given
            names = ("cents", "payer_identifier", "remembered")
            chosen = {name: values.pop(name) for name in names if name in values}
            given = (credit_desk_acts.Use(number, **chosen),)  # type: ignore[arg-type]
        with self.harbor.connect() as connection:
            act = getattr(credit_desk_acts, action)
            desk = self.desk(name, tried=tried)
            return act(connection, part_id, *given, desk=desk, **values)

    def split(self, part_id: str, *shares: str, **values: object) -> Outcome:
        """Share a part out as an officer writes it."""
        read = [read_share(text) for text in shares]
        assert all(isinstance(share, Share) for share in read)
        return self.decide("split", part_id, read, **values)


__all__ = ["BROKER", "DUE", "IMPORTER_X", "IMPORTER_Y", "REASON", "TUESDAY", "Counter"]
