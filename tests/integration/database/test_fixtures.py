"""The fixtures give what they promise: clones that share nothing."""

from customhouse import database
from customhouse.settings import Settings


def test_a_test_gets_migrated_databases_of_both_sides(settings: Settings) -> None:
    for side in database.SIDES:
        with database.connect(settings, side) as connection:
            row = connection.execute("select count(*) from schema_migration").fetchone()
            assert row is not None
            assert row[0] >= 1
