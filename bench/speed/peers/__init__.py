"""The peers of Rex: how to build, start and query each."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from corpora import CACHE, key, made
from sessions import Session, size, timed

HERE = Path(__file__).resolve().parent
# Debian's Xapian is for Debian's Python.
SYSTEM_PYTHON = "/usr/bin/python3"


class Missing(Exception):
    """A peer is not available on this machine; the message says why."""


class Peer:
    """One engine: its name, its modes, and the queries it supports."""

    modes = ["top10", "full"]

    def __init__(self, name, program, source, environment=None):
        self.name, self.program, self.source, self.environment = name, program, source, environment

    def build(self, corpus):
        """Builds its index unless it is there: what that took, and the bytes on disk."""
        folder = corpus.folder / self.name

        def build():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            took = timed([*self.program, "build", corpus.texts, folder], environment=self.environment)
            return {**took, "bytes": size(folder)}

        return made(folder, key(corpus.texts, self.source), build)

    def start(self, corpus):
        """A session over the index."""
        return Session([*self.program, "serve", corpus.folder / self.name, corpus.queries], self.environment)

    def answers(self, query):
        """Whether it can answer a query."""
        return True


class RawTantivy(Peer):
    """tantivy doing the bare minimum, in Rust."""

    def __init__(self, tools):
        super().__init__("tantivy", [tools.engines], tools.engines)

    def build(self, corpus):
        folder = corpus.folder / self.name
        command = [corpus.tools.engines, "index", "minimal", 1, corpus.records, corpus.tools.labels, folder]
        return made(folder, key(corpus.records, self.source), lambda: {**timed(command), "bytes": size(folder)})

    def start(self, corpus):
        return Session([corpus.tools.engines, "tantivy", corpus.folder / self.name, corpus.queries])


class Pagefind(Peer):
    """Pagefind, for corpora that a static site would have: its index is files that a browser fetches."""

    modes = ["full"]

    def __init__(self):
        super().__init__("pagefind", ["node", HERE / "pagefind/peer.mjs"], HERE / "pagefind/peer.mjs")

    def answers(self, query):
        return "montant" not in query["filters"]


class Postgres(Peer):
    """PostgreSQL, in a cluster that is there for one run only."""

    def build(self, corpus):
        folder = corpus.folder / self.name
        folder.mkdir(exist_ok=True)
        before = size(self.environment["SPEED_POSTGRES"])
        took = timed([*self.program, "build", corpus.texts, folder], environment=self.environment)
        return {**took, "bytes": size(self.environment["SPEED_POSTGRES"]) - before}


@contextmanager
def postgres_cluster():
    """A cluster in a temporary folder, reached by a socket in it only; what `peers/postgres.py` finds it by.

    Raises Missing where there is no PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise Missing("no initdb in /usr/lib/postgresql; on Debian: apt-get install postgresql")
    programs = found[-1].parent
    with tempfile.TemporaryDirectory(prefix="rex-postgres-", dir=CACHE, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user, as_user = "rex", []
        if os.geteuid() == 0:
            # PostgreSQL does not run as root.
            shutil.chown(folder, "postgres")
            user, as_user = "postgres", ["runuser", "-u", "postgres", "--"]
        socket = Path(tempfile.mkdtemp(prefix="rex-pg-"))
        if as_user:
            shutil.chown(socket, "postgres")
        try:
            run = lambda *command: subprocess.run([*as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")
            run(programs / "initdb", "-D", folder / "data", "-U", user, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
            settings = f"-c listen_addresses='' -c unix_socket_directories={socket}"
            run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", settings, "start")
            try:
                yield {"SPEED_POSTGRES_SOCKET": str(socket), "SPEED_POSTGRES": str(folder), "SPEED_POSTGRES_USER": user}
            finally:
                run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        except subprocess.CalledProcessError as error:
            raise Missing(f"PostgreSQL: {error}") from error
        finally:
            shutil.rmtree(socket, ignore_errors=True)


def check(program, code, how):
    """Raises Missing unless a Python has these modules."""
    if not shutil.which(program) or subprocess.run([program, "-c", code], capture_output=True).returncode:
        raise Missing(how)


def find(name, tools, python, stack):
    """A peer by its name, ready to be built. `python` has the packages of requirements.txt; `stack` ends what is started.

    Raises Missing where it cannot be had."""
    if name == "tantivy":
        return RawTantivy(tools)
    if name == "sqlite":
        return Peer(name, [python, HERE / "sqlite.py"], HERE / "sqlite.py")
    if name == "tantivy-py":
        check(str(python), "import tantivy", "no tantivy in this Python; see peers/requirements.txt")
        return Peer(name, [python, HERE / "tantivy_py.py"], HERE / "tantivy_py.py")
    if name == "xapian":
        check(SYSTEM_PYTHON, "import xapian", "no Xapian for Python; on Debian: apt-get install python3-xapian")
        return Peer(name, [SYSTEM_PYTHON, HERE / "xapian_peer.py"], HERE / "xapian_peer.py")
    if name == "postgres":
        check(str(python), "import psycopg", "no psycopg in this Python; see peers/requirements.txt")
        return Postgres(name, [python, HERE / "postgres.py"], HERE / "postgres.py", stack.enter_context(postgres_cluster()))
    if name == "pagefind":
        if not shutil.which("node") or not (HERE / "pagefind/node_modules").exists():
            raise Missing("no node, or no packages: npm ci in peers/pagefind")
        return Pagefind()
    raise Missing(f"no peer is called {name}")
