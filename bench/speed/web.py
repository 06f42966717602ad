"""`rex serve`: searches per second over HTTP and in process, time to the first answer, memory."""

import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import queries
from sessions import Session, memory, processor_seconds

HOST, PORT = "127.0.0.1", 7399
WRK_THREADS = 1
SWEEP = [2, 8, 32]
SCRIPT = """
local paths, at = {}, 0
for line in io.lines("PATHS") do paths[#paths + 1] = wrk.format("GET", line) end
request = function() at = at % #paths + 1; return paths[at] end
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end
response = function(status) if status ~= 200 then others = (others or 0) + 1 end end
done = function(summary)
  local others = 0
  for _, thread in ipairs(threads) do others = others + (thread:get("others") or 0) end
  local errors = summary.errors
  print(string.format("FIGURES %d %d %d", summary.requests, summary.duration, others + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def path(query):
    """The address of a query."""
    pairs = [("q", query["q"])] if query["q"] else []
    pairs += [(facet, value) for facet, values in query["filters"].items() for value in values]
    pairs += [("tri", query["tri"])] if "tri" in query else []
    return "/v1/search?" + urlencode(pairs)


@contextmanager
def server(corpus, config="rex.toml"):
    """Runs `rex serve` on an indexed corpus; yields the process and stops it at the end."""
    process = subprocess.Popen([corpus.tools.rex, "serve", "--config", config, "--addr", f"{HOST}:{PORT}"], cwd=corpus.site, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for_connection(process):
    """Waits until it accepts connections."""
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"rex serve ended with {process.returncode}")
        try:
            socket.create_connection((HOST, PORT), timeout=1).close()
            return
        except OSError:
            time.sleep(0.0005)


def first_answer(corpus, first):
    """Milliseconds from the start of the process to the last byte of its first answer."""
    started = time.perf_counter()
    with server(corpus) as process:
        wait_for_connection(process)
        get(path(first))
        return (time.perf_counter() - started) * 1e3


def get(address):
    """The body of an answer; RuntimeError for anything but 200."""
    connection = http.client.HTTPConnection(HOST, PORT)
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return body


def start_and_memory(corpus, times):
    """Milliseconds to the first answer, per start; megabytes of an idle server, and of one that answered each query once."""
    asked = queries.read(corpus.queries)
    # Let the machine settle: gigabytes were written before.
    os.sync()
    starts = [first_answer(corpus, asked[0]) for _ in range(times)]
    with server(corpus) as process:
        wait_for_connection(process)
        time.sleep(1)
        idle = memory(process.pid)
        for query in asked:
            get(path(query))
        return {"starts": starts, "first": statistics.median(starts), "idle": idle, "used": memory(process.pid)}


def throughput(corpus, rounds, seconds, threads, log):
    """Searches a second over HTTP and in process, in turn: rounds of figures each; once over HTTP where answers are kept. None where there
    is no wrk."""
    if not shutil.which("wrk"):
        return None
    asked = queries.read(corpus.queries)
    with tempfile.TemporaryDirectory() as name:
        addresses, script = Path(name) / "paths", Path(name) / "cycle.lua"
        addresses.write_text("".join(path(query) + "\n" for query in asked))
        script.write_text(SCRIPT.replace("PATHS", str(addresses)))
        found = in_turn(corpus, script, rounds, seconds, threads, log)
        with server(corpus, "kept.toml") as process:
            wait_for_connection(process)
            wrk(process, script, found["connections"], seconds / 2)
            found["kept"] = wrk(process, script, found["connections"], seconds)
        return found


def in_turn(corpus, script, rounds, seconds, threads, log):
    """Searches over HTTP, none of whose answers is kept, and in process, in turn."""
    with server(corpus) as process, Session(corpus.rex_command()) as session:
        wait_for_connection(process)
        sweep = {count: wrk(process, script, count, seconds / 2) for count in SWEEP}
        connections = max(sweep, key=lambda count: sweep[count]["rate"])
        found = {"connections": connections, "sweep": sweep, "http": [], "process": []}
        for number in range(rounds):
            log(f"{corpus.name}: HTTP and in process, round {number + 1} of {rounds}")
            found["http"].append(wrk(process, script, connections, seconds))
            before = processor_seconds(session.process.pid)
            done = session.ask("load", "answer", threads, seconds)
            taken = processor_seconds(session.process.pid) - before
            found["process"].append({"rate": done["queries"] / done["seconds"], "processor_ms": taken * 1e3 / done["queries"]})
        return found


def wrk(process, script, connections, seconds):
    """Searches a second by wrk, milliseconds of processor that the server takes for each, and answers that were no 200."""
    before = processor_seconds(process.pid)
    command = ["wrk", "-t", WRK_THREADS, "-c", connections, "-d", f"{max(1, round(seconds))}s", "-s", script, f"http://{HOST}:{PORT}/"]
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    requests, microseconds, others = map(int, re.search(r"FIGURES (\d+) (\d+) (\d+)", done.stdout).groups())
    taken = processor_seconds(process.pid) - before
    return {"rate": requests / microseconds * 1e6, "processor_ms": taken * 1e3 / max(1, requests), "not_200": others}
