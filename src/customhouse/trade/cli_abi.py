"""``customhouse abi``: a filer's end of the door, to send, receive, check and look at ABI text.

It is a client like any other: it knows the agency by its address and a token, not its database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.trade.counted import counted

if TYPE_CHECKING:
    from customhouse.formats.abi_envelope import AnswerBatch, Batch
    from customhouse.trade.abi_explained import ExplainedRecord
    from customhouse.trade.client import AgencyClient, OutboxMessage

app = typer.Typer(help="Send, receive, check and show ABI batches.", no_args_is_help=True)

DEFAULT_AGENCY_URL = "http://127.0.0.1:8700"
WIDTH = 100
REMARK_AT = 66
SHORTEST_REMARK = 12
LARGEST_FILE_BYTES = 20_000_000
LARGEST_TOKEN_BYTES = 10_000
REFUSED = 7
NOT_JUDGED = "whether it is on file, totals, dates and who may pay; the agency judges those"

ABI_TOKEN_MISSING = declare(
    "abi-token-missing",
    sentence="There is no token to prove which sender you are.",
    next_step="Set CUSTOMHOUSE_ABI_TOKEN, or name the file that holds it with --token-file.",
    exit_code=2,
)
TOKEN_FILE_UNREADABLE = declare(
    "abi-token-file-unreadable",
    sentence="The token file {path} cannot be read: {reason}.",
    next_step="Name the file that holds the sender's token with --token-file.",
    exit_code=2,
)
BATCH_FILE_UNREADABLE = declare(
    "batch-file-unreadable",
    sentence="The file {path} cannot be read: {reason}.",
    next_step="Name a file of at most 20 MB that you may read, or - for the standard input.",
    exit_code=2,
)
BATCH_FILE_EMPTY = declare(
    "batch-file-empty",
    sentence="There is nothing in {path}.",
    next_step="Name a file that holds a batch or a message.",
)
FOLDER_UNUSABLE = declare(
    "folder-unusable",
    sentence="Message {message_id} cannot be kept in {folder}: {reason}.",
    next_step="Name a folder that you may write to; nothing of it was acknowledged.",
    exit_code=2,
)
ACKNOWLEDGE_NEEDS_FOLDER = declare(
    "acknowledge-needs-folder",
    sentence="Acknowledged messages are not sent again, and these would not be kept.",
    next_step="Say where to keep them: --folder DIR.",
    exit_code=2,
)

BatchFile = Annotated[str, typer.Argument(metavar="FILE", help="The batch; - reads it from stdin.")]
Address = Annotated[
    str,
    typer.Option("--url", envvar="CUSTOMHOUSE_AGENCY_URL", help="Where the agency answers."),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        help="A file with nothing but the sender's token; else CUSTOMHOUSE_ABI_TOKEN counts.",
    ),
]


@app.command()
def send(
    file: BatchFile,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Idempotency key: sending again gives the first answer."),
    ] = None,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Send one batch and write its answer to the standard output.

    Ends with 0 when everything was accepted, with 7 when the batch was rejected or an item refused.
    """
    from customhouse.trade.abi_explained import judge_message

    raw = _read(file)
    with agency_client(url, token_file) as client:
        answer = client.send_batch(raw, key)
    typer.echo(answer.text, nl=False)
    told, refused = _told(judge_message(answer.text))
    for line in told:
        typer.echo(line, err=True)
    if refused:
        raise typer.Exit(REFUSED)


@app.command()
def receive(
    *,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Keep each message as a file in this folder.")
    ] = None,
    acknowledge: Annotated[
        bool,
        typer.Option("--acknowledge", help="Tell the agency of each message that is safely kept."),
    ] = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Fetch what the agency sent by itself: statements, preliminary and final."""
    if acknowledge and folder is None:
        raise Refused(Fault(ACKNOWLEDGE_NEEDS_FOLDER))
    count = 0
    with agency_client(url, token_file) as client:
        while messages := client.outbox():
            for message in messages:
                _receive_one(client, message, folder, acknowledge=acknowledge)
            count += len(messages)
            if not acknowledge:
                break
    typer.echo(counted(count, "message"), err=True)


@app.command()
def check(file: BatchFile) -> None:
    """Judge a batch or a message without sending it: envelope, syntax, values, arithmetic.

    A batch's values are judged by the agency's own rules, as far as these need nothing that is on
    file. Ports, password, totals and dates are the agency's to judge. Ends with 7 when the batch
    would be rejected or a transaction refused.
    """
    from customhouse.formats.abi_batch import Rejection
    from customhouse.trade.abi_explained import is_from_filer, judge_batch, judge_message

    raw = _read(file)
    if not is_from_filer(raw):
        told, _ = _told(judge_message(raw.decode("ascii", "replace")))
        typer.echo("\n".join(["A message of the agency, well formed.", *told]))
        return
    judged = judge_batch(raw)
    if isinstance(judged, Rejection):
        for fault in judged.faults:
            typer.echo(fault.sentence)
        found = counted(len(judged.faults), "fault")
        typer.echo(f"The batch would be rejected whole for {found}.", err=True)
        raise typer.Exit(REFUSED)
    _check_values(judged)


def _check_values(batch: Batch) -> None:
    """Tell what is wrong with the values of a well-formed batch, or that nothing is."""
    from customhouse.trade.abi_values import value_faults

    records = sum(len(block.records) for block in batch.blocks)
    size = f"{counted(len(batch.blocks), 'block')} and {counted(records, 'transaction')}"
    wrong = set()
    for found in value_faults(batch):
        typer.echo(found.line)
        wrong.add(found.record)
    if wrong:
        refused = counted(len(wrong), "transaction")
        typer.echo(f"{batch.application} with {size}: {refused} would be refused.", err=True)
        raise typer.Exit(REFUSED)
    typer.echo(
        f"{batch.application} with {size}: envelope, syntax and the form of values are right."
    )
    typer.echo(f"Not judged here: {NOT_JUDGED}.")


@app.command()
def show(file: BatchFile) -> None:
    """Explain every record of a batch or message, field by field; a password is masked.

    Ends with 7 when a record does not have the form that its layout gives it.
    """
    from customhouse.trade.abi_explained import explain

    raw = _read(file)
    if not raw.strip():
        path = "the standard input" if file == "-" else file
        raise Refused(Fault(BATCH_FILE_EMPTY, {"path": path}))
    faults = 0
    for record in explain(raw):
        faults += len(record.faults)
        for line in _shown(record):
            typer.echo(line)
    if faults:
        typer.echo(f"{counted(faults, 'fault')} of form; each is marked with an !", err=True)
        raise typer.Exit(REFUSED)


def _shown(record: ExplainedRecord) -> Iterator[str]:
    """Give the lines that explain a record, none wider than 100 columns."""
    yield f"{record.number:>5}  {record.title}"
    for one in record.fields:
        columns = f"{one.start}-{one.end}" if one.end > one.start else f"{one.start}"
        begin = f"       {columns:>6}  {one.name:28} {one.value:21} "
        first, *more = wrap(one.remark, max(WIDTH - len(begin), SHORTEST_REMARK)) or [""]
        if len(begin) + len(first) > WIDTH:
            yield begin.rstrip()
            first, *more = wrap(one.remark, WIDTH - REMARK_AT) or [""]
            begin = " " * REMARK_AT if first else ""
        if begin or first:
            yield f"{begin}{first}".rstrip()
        for line in more:
            yield f"{'':{REMARK_AT}}{line}"
    for sentence in record.faults:
        yield f"       !  {sentence}"


def agency_client(url: str, token_file: Path | None) -> AgencyClient:
    """Give the client of a sender; raise Refused (abi-token-missing, abi-token-unreadable)."""
    from customhouse.trade.client import TOKEN_UNREADABLE, AgencyClient

    place = "CUSTOMHOUSE_ABI_TOKEN"
    token = os.environ.get(place, "")
    if token_file is not None:
        place = f"The file {token_file}"
        token = _token_in(token_file)
    token = token.strip()
    if not token and token_file is not None:
        values = {"path": token_file, "reason": "it is empty"}
        raise Refused(Fault(TOKEN_FILE_UNREADABLE, values))
    if not token:
        raise Refused(Fault(ABI_TOKEN_MISSING))
    if not token.isascii() or len(token.split()) != 1:
        raise Refused(Fault(TOKEN_UNREADABLE, {"place": place}))
    return AgencyClient(url, token)


def _token_in(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_TOKEN_BYTES).decode("ascii", "replace")
    except OSError as error:
        values = {"path": path, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(TOKEN_FILE_UNREADABLE, values)) from None


def _read(name: str) -> bytes:
    """Read a file, or the standard input for ``-``; raise Refused (batch-file-unreadable)."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LARGEST_FILE_BYTES + 1)
        else:
            with Path(name).open("rb") as stream:
                raw = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        values = {"path": name, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(BATCH_FILE_UNREADABLE, values)) from None
    if len(raw) > LARGEST_FILE_BYTES:
        values = {"path": name, "reason": f"it has more than {LARGEST_FILE_BYTES:,} bytes"}
        raise Refused(Fault(BATCH_FILE_UNREADABLE, values))
    return raw


def _receive_one(
    client: AgencyClient, message: OutboxMessage, folder: Path | None, *, acknowledge: bool
) -> None:
    """Tell of one message, keep it where asked, and acknowledge it only after that."""
    from customhouse.trade.abi_explained import judge_message

    told, _ = _told(judge_message(message.content))
    typer.echo(f"{message.message_id}  {message.application}  {message.reason}")
    for line in told:
        typer.echo(f"    {line}")
    if folder is not None:
        typer.echo(f"    kept as {_keep(message, folder)}")
    if acknowledge:
        client.acknowledge(message.message_id)


def _keep(message: OutboxMessage, folder: Path) -> Path:
    """Write a message under a name of its own: synced first, then renamed into place."""
    about = message.statement_number or "several"
    parts = (f"{message.message_id:08d}", message.application, about)
    plain = ["".join(each for each in part if each.isascii() and each.isalnum()) for part in parts]
    path = folder / ("-".join(plain) + ".txt")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as stream:
            stream.write(message.content.encode("ascii", "replace"))
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError as error:
        values = {"message_id": message.message_id, "folder": folder, "reason": error.strerror}
        raise Refused(Fault(FOLDER_UNUSABLE, values)) from None
    return path


def _told(message: AnswerBatch) -> tuple[list[str], int]:
    """Say in a line an item what a message of the agency says; count what was refused."""
    from customhouse.trade.abi_told import told_of

    items = told_of(message)
    return [item.line for item in items], sum(item.is_refusal for item in items)
