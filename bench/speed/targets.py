"""The performance targets of Rex, each with its figure and whether it is met."""

import os
import statistics

import latency
from figures import significant

# Default of `memory_mb`.
MEMORY = 640 * 1.048576


def judge(results):
    """(target, figure, met) for each; met is None if it was not measured."""
    rows = []
    for name in ("a", "b", "c"):
        if name in results["latency"]:
            rows += searches(name, results["latency"][name])
    return rows + throughput(results) + indexed(results) + footprint(results) + grown(results)


def row(target, figure, is_met):
    """One target."""
    return target, figure, is_met


def run_of(measured, peer, mode):
    """The run of a peer in a mode, None without it."""
    return next((run for run in measured["runs"] if (run.peer, run.mode) == (peer, mode)), None)


def searches(name, measured):
    """Latency of searches, keystrokes and typing errors over one corpus."""
    categories = latency.by_category(measured["asked"])
    search, answer, suggest = (run_of(measured, "rex", mode) for mode in ("search", "answer", "suggest"))
    floor, rows = run_of(measured, "tantivy", "full"), []
    if floor:
        for run, what in ((search, "full answer"), (answer, "full answer and its JSON")):
            ratio = latency.ratio(run, floor, categories["alike"])
            rows.append(row(f"({name}) {what}: at most 1.5 times raw tantivy top 10 + count + aggregations (p50)", f"{ratio:.2f} times", ratio <= 1.5))
    if name == "c":
        p50, p99 = latency.p(search, 50), latency.p(search, 99)
        rows.append(row("(c) full answer: p50 under 5 ms", f"{significant(p50)} ms", p50 < 5))
        rows.append(row("(c) full answer: p99 under 25 ms", f"{significant(p99)} ms", p99 < 25))
    empty = latency.p(search, 50, categories["empty"])
    rows.append(row(f"({name}) empty query with all facets: under 1 ms (p50)", f"{significant(empty)} ms", empty < 1))
    keystroke = latency.p(suggest, 99)
    rows.append(row(f"({name}) suggestion for a keystroke: p99 under 3 ms", f"{significant(keystroke)} ms", keystroke < 3))
    typing = latency.typing_ratio(search, measured["asked"])
    if typing:
        rows.append(row(f"({name}) search with a typing error: at most 3 times the exact one (p50 of pairs)", f"{typing:.2f} times", typing <= 3))
    return rows


def rate(rounds):
    """The median rate of rounds, a second."""
    return statistics.median(done["rate"] for done in rounds)


def throughput(results):
    """Searches a second."""
    rows = []
    for name, found in results["http"].items():
        if not found:
            continue
        share = statistics.median(one["rate"] / other["rate"] for one, other in zip(found["http"], found["process"]))
        refused = sum(done["not_200"] for done in found["http"])
        figure = f"{share * 100:.0f} %, {refused} answers not 200"
        rows.append(row(f"({name}) HTTP: at least 70 % of the throughput in process, wrk on the same cores", figure, share >= 0.7 and not refused))
        share = statistics.median(other["processor_ms"] / one["processor_ms"] for one, other in zip(found["http"], found["process"]))
        rows.append(row(f"({name}) the same by processor time, without that of wrk", f"{share * 100:.0f} %", share >= 0.7))
        if name == "a":
            rows.append(row("(a) at least 20,000 searches/s over HTTP", f"{rate(found['http']):,.0f}/s on {os.cpu_count()} cores, wrk among them",
                            rate(found["http"]) >= 20_000))
    return rows


def indexed(results):
    """Import and indexing."""
    rows = []
    if "index" in results:
        programs = results["index"]["programs"]
        rex = programs["rex index"]
        for writers in ("1 writer", "2 writers"):
            speed = programs[f"tantivy, same fields, {writers}"]["seconds"] / rex["seconds"]
            rows.append(row(f"indexing: at least 80 % of raw tantivy's speed on the same fields, {writers}", f"{speed * 100:.0f} %", speed >= 0.8))
    if "whole" in results:
        whole = results["whole"]
        speed = whole["contracts"] / (whole["import"]["seconds"] + whole["index"]["seconds"])
        rows.append(row("(c) import and indexing: over 30,000 contracts/s", f"{speed:,.0f}/s", speed > 30_000))
        share = whole["index_bytes"] / whole["records_bytes"]
        rows.append(row("(c) index: at most 0.6 times the JSON lines", f"{share:.2f} times", share <= 0.6))
        own = whole["index"]["own"]
        rows.append(row(f"(c) memory of indexing, files mapped aside: at most the {MEMORY:,.0f} MB of `memory_mb`", f"{own:,.0f} MB", own <= MEMORY))
    return rows


def footprint(results):
    """Start, memory, binary."""
    rows = []
    if "c" in results["start"]:
        first = results["start"]["c"]["first"]
        rows.append(row("(c) start to first answer: under 50 ms", f"{first:.0f} ms", first < 50))
    for name, most in (("a", 30), ("c", 150)):
        if name in results["start"]:
            idle = results["start"][name]["idle"]
            figure = f"{idle['rss']:.0f} MB, {idle['anon']:.0f} MB of them its own"
            rows.append(row(f"({name}) idle memory: under {most} MB", figure, idle["rss"] < most))
    megabytes = results["binary"] / 1e6
    rows.append(row("binary: under 25 MB", f"{megabytes:.1f} MB", megabytes < 25))
    return rows


def grown(results):
    """Between the two last sizes, the mean time of a search grows no faster than the matches."""
    if len(results.get("growth", [])) < 2:
        return []
    before, after = results["growth"][-2:]
    time, matches = after["search"]["mean"] / before["search"]["mean"], after["matches"] / before["matches"]
    figure = f"from {before['contracts']:,} to {after['contracts']:,} contracts: time × {time:.1f}, matches × {matches:.1f}"
    return [row("growth: no faster than the number of matches (means)", figure, time <= matches)]
