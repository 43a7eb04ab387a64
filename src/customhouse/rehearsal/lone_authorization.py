"""One process that sends one batch at a signal: two of them make a race for one statement.

Reads a JSON object (agency_url, token, batch, key) from its first line of standard input, says
``ready``, waits for a second line, sends, and writes the answer. Run by the story; the token comes
by standard input so that it stands in no list of processes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256

from customhouse.rehearsal.filer_line import Site
from customhouse.trade.client import AgencyClient


def race(site: Site, batches: Sequence[str]) -> list[str]:
    """Let one process for each batch send it at the same moment; give the answers in order."""
    runners = [_start(site, batch, f"race-{number}") for number, batch in enumerate(batches)]
    for runner in runners:
        _line(runner)
    for runner in runners:
        _tell(runner, "go")
    answers = []
    for runner in runners:
        output, _ = runner.communicate(timeout=60)
        if runner.returncode:
            raise ChildProcessError(f"a sending process ended with code {runner.returncode}")
        answers.append(output)
    return answers


def _start(site: Site, batch: str, key: str) -> subprocess.Popen[str]:
    runner = subprocess.Popen(
        [sys.executable, "-m", "customhouse.rehearsal.lone_authorization"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    values = {"agency_url": site.agency_url, "token": site.token, "batch": batch}
    _tell(
        runner,
        json.dumps(
            values | {"key": f"{site.filer_code}-{key}-{sha256(batch.encode()).hexdigest()[:12]}"}
        ),
    )
    return runner


def _tell(runner: subprocess.Popen[str], line: str) -> None:
    if runner.stdin is None:
        raise AssertionError("a runner is started with a pipe")
    runner.stdin.write(line + "\n")
    runner.stdin.flush()


def _line(runner: subprocess.Popen[str]) -> str:
    if runner.stdout is None:
        raise AssertionError("a runner is started with a pipe")
    return runner.stdout.readline()


def main() -> None:
    """Send one batch at a signal."""
    asked = json.loads(sys.stdin.readline())
    with AgencyClient(asked["agency_url"], asked["token"]) as client:
        # One small request first, so that both processes have their connection open.
        client.outbox()
        print("ready", flush=True)
        sys.stdin.readline()
        answer = client.send_batch(asked["batch"], idempotency_key=asked["key"])
    sys.stdout.write(answer.text)


if __name__ == "__main__":
    main()
