"""``customhouse day fraud-alerts``: what the agency's officer must look at before anybody pays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from psycopg import Connection

app = typer.Typer(help="Run the agency's business days.", no_args_is_help=True)

REFUSED = 7
DAYS_BACK = 7


@app.command("fraud-alerts")
def fraud_alerts(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="From this business date on; else a week."),
    ] = None,
) -> None:
    """Tell which filers were refused payer units three times or more in a business date.

    Ends with 7 when there is one, with 0 when there is none.
    """
    from customhouse import database
    from customhouse.agency.payer_unit_refusals import fraud_alerts as alerts_since
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import read_date

    asked = None if since is None else read_date(since, "--since")
    with database.connect(Settings.from_environment(), "agency") as connection:
        found = alerts_since(connection, since=asked or _a_week_ago(connection))
    for each in found:
        units = ", ".join(each.payer_unit_numbers)
        typer.echo(
            f"{each.business_date}  filer {each.filer_code}: {each.refusals} refused uses of payer"
            f" units {units}"
        )
    if found:
        raise typer.Exit(REFUSED)
    typer.echo("no fraud alert", err=True)


def _a_week_ago(connection: Connection) -> date:
    from customhouse.agency import business_day
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused

    day = business_day.latest(connection)
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return day.business_date - timedelta(days=DAYS_BACK)
