"""A statement in every shape that a filer can keep, fetched through the doors that it has."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import fastjsonschema
import httpx2
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from customhouse.agency import registration
from customhouse.formats.abi_statement import totals_of
from customhouse.trade.client import AgencyClient
from customhouse.trade.client_abi import CopyRequest, Sender, copies_batch, read_statements
from tests import paper_readings
from tests.acceptance.harbor_pages import DEC_2, OTHER_CLERK
from tests.acceptance.servers import COMMAND, environment
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, WEDNESDAY, Harbor
from tests.paper_readings import dollars

pytestmark = [pytest.mark.browser, pytest.mark.requirement("DEB-02")]

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "statement.schema.json"
NAMES = ("open", "authorized", "final", "returned", "cancelled", "refused", "paid_again")
TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "txt": "text/plain",
}


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """Give the broker's token."""
    with Harbor(site.settings, today=DEC_2).connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=BROKER)
    assert credential is not None
    return credential.token


@pytest.fixture(scope="module")
def api(site: Site, token: str) -> Iterator[httpx2.Client]:
    """Give an HTTP client that shows the broker's token."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=site.url, headers=headers, timeout=30.0, trust_env=False) as client:
        yield client


def fetch(api: httpx2.Client, number: str, shape: str) -> bytes:
    """Fetch a statement in a shape by its Accept header; by its ending it must be the same."""
    asked = f"/api/v1/statements/{number}"
    response = api.get(asked, headers={"Accept": TYPES[shape]})
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith(TYPES[shape])
    assert api.get(f"{asked}.{shape}").content == response.content
    return response.content


def opened(site: Site, number: str, width: int = 1280) -> Page:
    """Open the printable page of a statement by the link on its own page."""
    page = site.signed_in(width=width)
    page.goto(f"/statements/{number}")
    press(page, page.get_by_role("link", name="Print"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    return page


@pytest.mark.parametrize("name", NAMES)
def test_every_shape_says_the_same_to_the_cent(site: Site, api: httpx2.Client, name: str) -> None:
    number = getattr(site.numbers, name)
    expected = paper_readings.of_json(fetch(api, number, "json"))
    assert expected.entries
    preliminary, now, _ = expected.totals["Total"]
    assert (preliminary == now) == (name not in ("open", "cancelled"))
    assert paper_readings.of_csv(fetch(api, number, "csv")) == expected
    assert paper_readings.of_text(fetch(api, number, "txt").decode()) == expected
    assert paper_readings.of_pdf(fetch(api, number, "pdf")) == expected
    assert paper_readings.of_page(opened(site, number)) == expected


def test_abi_says_the_same(site: Site, api: httpx2.Client, token: str) -> None:
    """The PF message of a final statement, added up, is the JSON's totals."""
    number = site.numbers.final
    with AgencyClient(site.url, token) as client:
        found = [each for message in client.outbox() for each in read_statements(message)]
    (statement,) = [each for each in found if each.number == number and each.status == "F"]
    document = json.loads(fetch(api, number, "json"))
    assert statement.paid == totals_of(statement.lines)
    assert document["totals"]["paid_cents"] == statement.paid.amount_cents
    fees = {one["class_code"]: one["now_cents"] for one in document["totals"]["by_class"]}
    assert fees == {"001": statement.paid.duty_cents, **dict(statement.paid.fees)}


@pytest.mark.parametrize("name", NAMES)
def test_the_json_is_what_its_schema_says(site: Site, api: httpx2.Client, name: str) -> None:
    validate = fastjsonschema.compile(json.loads(SCHEMA.read_text()))
    document = validate(json.loads(fetch(api, getattr(site.numbers, name), "json")))
    sums = document["totals"]
    due = sum(one["due_cents"] for one in document["entries"])
    assert due == sums["now_cents"] == sums["preliminary_cents"] - sums["difference_cents"]
    for entry in document["entries"]:
        listed = sum(one["amount_cents"] for one in entry["charges"] if one["is_due"])
        assert listed == entry["due_cents"]


@pytest.mark.requirement("DEB-10")
def test_the_debit_date_is_an_estimate_and_funds_are_to_be_held(
    site: Site, api: httpx2.Client
) -> None:
    number = site.numbers.authorized
    payment = json.loads(fetch(api, number, "json"))["payment"]
    assert payment["estimated_debit_on"] == "2026-11-30"
    assert payment["estimate"].startswith("Estimate: the payer's bank decides")
    texts = [
        fetch(api, number, "txt").decode(),
        "\n".join(each.extract_text() for each in pdf(api, number).pages),
        opened(site, number).get_by_role("main").inner_text(),
    ]
    for text in texts:
        plain = " ".join(text.split())
        assert "Estimated debit date" in plain
        assert "Mon 30 Nov 2026" in plain
        assert "the payer's bank decides" in plain
        assert "Hold the funds in the account from the moment of authorization" in plain
    assert b"estimated_debit_on" in fetch(api, number, "csv").splitlines()[0]
    assert b"Hold the funds" in fetch(api, number, "csv")


def pdf(api: httpx2.Client, number: str) -> PdfReader:
    """Fetch a statement as PDF and open it."""
    return PdfReader(io.BytesIO(fetch(api, number, "pdf")))


def test_the_pdf_has_a_title_a_language_and_page_numbers(site: Site, api: httpx2.Client) -> None:
    read = pdf(api, site.numbers.open)
    assert read.metadata is not None
    assert read.metadata.title == f"Preliminary daily statement {site.numbers.open}"
    assert read.trailer["/Root"]["/Lang"] == "en-US"
    assert "Page 1 of 1" in read.pages[0].extract_text()
    assert "Rehearsal: " in read.pages[0].extract_text()


@pytest.mark.parametrize("shape", TYPES)
def test_somebody_elses_statement_is_as_unknown_as_no_statement(
    site: Site, api: httpx2.Client, shape: str
) -> None:
    """H1: in every shape, over the API and on the pages; the refusal never tells which it is."""
    foreign, nobodys = site.numbers.foreign, "3927328ZZZ"
    refusals = []
    for number in (foreign, nobodys):
        response = api.get(f"/api/v1/statements/{number}.{shape}")
        assert (response.status_code, response.json()["code"]) == (404, "statement-unknown")
        refusals.append(response.text.replace(number, ""))
    assert refusals[0] == refusals[1]
    page = site.signed_in(OTHER_CLERK)
    own = site.numbers.open
    for path in (f"/statements/{own}.{shape}", f"/statements/{own}/print"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        assert own not in page.content()


@pytest.mark.parametrize(
    ("path", "accept", "status", "code"),
    [
        ("{open}.xml", "*/*", 406, "statement-shape-unknown"),
        ("{open}", "image/png", 406, "statement-shape-unknown"),
        ("%00", "*/*", 404, "statement-unknown"),
        ("%E2%80%AE3927", "*/*", 404, "statement-unknown"),
        ("3927328001'--", "*/*", 404, "statement-unknown"),
    ],
)
def test_what_cannot_be_given_is_refused_with_a_next_step(
    site: Site, api: httpx2.Client, path: str, accept: str, status: int, code: str
) -> None:
    asked = f"/api/v1/statements/{path.format(**vars(site.numbers))}"
    response = api.get(asked, headers={"Accept": accept})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.text.isascii()


def test_a_token_is_needed(site: Site, api: httpx2.Client) -> None:
    bare = httpx2.get(f"{site.url}/api/v1/statements/{site.numbers.open}.csv", trust_env=False)
    assert (bare.status_code, bare.json()["code"]) == (401, "sender-unknown")


def test_the_command_keeps_every_shape(
    site: Site, api: httpx2.Client, token: str, tmp_path: Path
) -> None:
    number = site.numbers.open
    variables = environment(site.settings) | {"CUSTOMHOUSE_ABI_TOKEN": token}
    for shape in TYPES:
        kept = tmp_path / f"statement.{shape}"
        named = {"txt": "text"}.get(shape, shape)
        words = ["statements", "show", number.lower(), "--format", named, "-o", str(kept)]
        done = subprocess.run(
            [COMMAND, *words], env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert kept.read_bytes() == fetch(api, number, shape)
    words = ["statements", "show", site.numbers.foreign]
    done = subprocess.run(
        [COMMAND, *words], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7
    assert done.stderr.startswith("statement-unknown: ")
    assert done.stdout == ""


def test_copies_of_somebody_elses_statement_are_refused(
    site: Site, token: str, tmp_path: Path
) -> None:
    """H1: over ABI as well, with a command that ends with 7."""
    with Harbor(site.settings, today=DEC_2).connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=OTHER_BROKER)
    assert credential is not None
    sender = Sender("3901", OTHER_BROKER, credential.password)
    asked = [
        CopyRequest("3901", OTHER_BROKER, WEDNESDAY, statement_number=number)
        for number in (site.numbers.open, "3927328ZZZ")
    ]
    batch = tmp_path / "ask.txt"
    batch.write_text(copies_batch(sender, asked))
    done = subprocess.run(
        [COMMAND, "abi", "send", str(batch)],
        env=environment(site.settings) | {"CUSTOMHOUSE_ABI_TOKEN": credential.token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert done.stderr.splitlines() == ["copies: refused (MS5 STATEMENT NUMBER UNKNOWN)"] * 2


@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
@pytest.mark.parametrize("name", ["open", "final", "cancelled"])
def test_the_page_fits_a_phone_a_desk_and_paper(
    site: Site, name: str, device: str, width: int
) -> None:
    page = opened(site, getattr(site.numbers, name), width)
    links = page.get_by_role("navigation", name="Statement")
    expect(links).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"paper-{name}-{device}")
    page.emulate_media(media="print")
    expect(links).to_be_hidden()
    expect(page.get_by_role("heading", name="Totals")).to_be_visible()
    shoot(page, f"paper-{name}-{device}-print")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert printed[0].mediabox.width == 612, "Letter"
    assert f"Page 1 of {len(printed)}" in printed[0].extract_text()
    assert "Back to the statement" not in printed[0].extract_text()


def test_the_page_links_to_the_files(site: Site, api: httpx2.Client) -> None:
    number = site.numbers.final
    page = site.signed_in()
    page.goto(f"/statements/{number}")
    for shape in ("pdf", "csv", "json"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=shape.upper(), exact=True).click()
        download = waiting.value
        assert download.suggested_filename == f"statement-{number}-final.{shape}"
        assert Path(download.path()).read_bytes() == fetch(api, number, shape)


def test_readings_spell_dollars_like_the_product() -> None:
    assert dollars(104_608) == "$1,046.08"
