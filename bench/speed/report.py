"""Writes the record of a run: README.md, raw figures, growth as a table and a chart."""

import csv
import gzip
import json
import time

import latency
import svg
from differences import KNOWN
from figures import significant
from targets import rate, run_of

HEADS = ["samples", "p50 ms", "p90 ms", "p99 ms", "max ms", "mean ms"]


def table(heads, rows):
    """Markdown, numbers to the right."""
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows] + [""]


def write(out, results, judged, chosen, versions):
    """Writes the folder."""
    out.mkdir(parents=True, exist_ok=True)
    lines = head(results, chosen, versions) + targets_table(judged)
    for name, measured in results["latency"].items():
        lines += latency_tables(name, measured, results)
    lines += http_tables(results) + index_tables(results) + start_tables(results) + growth_tables(out, results)
    lines += counts_tables(results)
    if "check" in results:
        lines += ["## Made contracts beside real ones", "", *results["check"], ""]
    (out / "README.md").write_text("\n".join(lines), encoding="utf-8")
    raw(out, results)


def head(results, chosen, versions):
    """What was run, where, on what."""
    machine, command = results["machine"], ["cargo xtask bench"]
    command += ["--quick"] if chosen.quick else []
    command += [f"--contracts {chosen.contracts} --corpora {','.join(chosen.corpora)} --peers {','.join(chosen.peers)} --only {','.join(chosen.only)}",
                f"--rounds {chosen.rounds} --budget {chosen.budget:g}"]
    lines = [f"# Speed, {time.strftime('%Y-%m-%d')}", "", f"`{' '.join(command)}` at commit {machine.commit()}; {results['minutes']:.0f} minutes.", ""]
    system = machine.platform
    lines += [f"{machine.processor()}, {machine.os.cpu_count()} cores, {machine.memory_gigabytes():.0f} GB, {system.system()} {system.release()}.", ""]
    lines += ["; ".join(f"{name} {version}" for name, version in versions.items()) + ".", ""]
    rows = [[f"({name})", f"{corpus['records']:,}", f"{corpus['bytes'] / 1e6:,.1f}"] for name, corpus in results["corpora"].items()]
    lines += table(["corpus", "records", "MB of JSON lines"], rows)
    for name, reason in results["missing"].items():
        lines += [f"Left out: {name} ({reason}).", ""]
    return lines


def targets_table(judged):
    """Each target, its figure, met or missed."""
    said = {True: "met", False: "**missed**", None: "–"}
    return ["## Targets", ""] + table(["target", "figure", ""], [[target, figure, said[is_met]] for target, figure, is_met in judged])


def latency_tables(name, measured, results):
    """One table of engines, one of categories."""
    categories, runs = latency.by_category(measured["asked"]), measured["runs"]
    ours, suggest = run_of(measured, "rex", "search"), run_of(measured, "rex", "suggest")
    alike, everything = categories["alike"], len(measured["asked"])
    lines = [f"## Latency, corpus ({name})", "", f"{len(alike)} of the {everything} queries: those that every engine answers alike, without those that Rex completes or corrects,"
             " and without the empty one. Rex/it: Rex's `search` over the same queries in the same rounds.", ""]
    rows = []
    for run in runs:
        if run.mode == "suggest":
            continue
        ranks = alike & set(run.asked)
        ratios = [latency.ratio(ours, run, ranks, share) for share in (50, 99)]
        built = results["built"].get((name, run.peer))
        index = f"{built['bytes'] / 1e6:,.0f} MB in {built['seconds']:,.0f} s" if built else ""
        rows.append([run.name, len(ranks), *latency.row(run, ranks), *(f"{ratio:.2f}" for ratio in ratios), index])
    lines += table(["engine", "queries", *HEADS, "Rex/it p50", "Rex/it p99", "index"], rows)
    floor = run_of(measured, "tantivy", "full")
    lines += ["By category; Rex/floor: beside raw tantivy `full`.", ""]
    rows = []
    for category, ranks in categories.items():
        ratio = f"{latency.ratio(ours, floor, ranks):.2f}" if floor and category in latency.ALIKE | {"alike", "empty"} else ""
        rows.append([category, len(ranks), *latency.row(ours, ranks), ratio])
    rows.append(["keystroke", len(suggest.asked), *latency.row(suggest), ""])
    return lines + table(["Rex", "queries", *HEADS, "Rex/floor p50"], rows)


def http_tables(results):
    """Throughput."""
    rows = []
    for name, found in results["http"].items():
        if found:
            taken = [sorted(done["processor_ms"] for done in found[kind])[len(found[kind]) // 2] for kind in ("http", "process")]
            rows.append([f"({name})", found["connections"], f"{rate(found['http']):,.0f}", f"{rate(found['process']):,.0f}", *(f"{one:.3f}" for one in taken),
                         sum(done["not_200"] for done in found["http"]), f"{found['kept']['rate']:,.0f}"])
    if not rows:
        return []
    heads = ["corpus", "connections", "HTTP searches/s", "in process searches/s", "HTTP processor ms", "in process processor ms", "not 200", "HTTP answers/s, kept"]
    return ["## Throughput", ""] + table(heads, rows)


def index_tables(results):
    """Import and indexing."""
    lines = []
    if "whole" in results:
        whole = results["whole"]
        rows = [[name, *costs(took, whole["contracts"])] for name, took in (("rex import decp", whole["import"]), ("rex index", whole["index"]))]
        lines += ["## Import and indexing", "", f"All {whole['contracts']:,} contracts, once.", ""]
        lines += table(["program", "seconds", "processor s", "contracts/s", "peak MB", "its own"], rows)
        lines += [f"Index: {whole['index_bytes'] / 1e6:,.0f} MB; JSON lines: {whole['records_bytes'] / 1e6:,.0f} MB.", ""]
    if "index" in results:
        measured = results["index"]
        rows = [[name, *costs(took, measured["contracts"]), f"{took['bytes'] / 1e6:,.0f}"] for name, took in measured["programs"].items()]
        lines += [f"{measured['contracts']:,} contracts, medians of {measured['rounds']} rounds in turn.", ""]
        lines += table(["program", "seconds", "processor s", "contracts/s", "peak MB", "its own", "MB on disk"], rows)
    return lines


def costs(took, count):
    """Seconds, seconds of processor, contracts a second, memory."""
    return [f"{took['seconds']:.2f}", f"{took['processor']:.2f}", f"{count / took['seconds']:,.0f}", f"{took['peak']:,.0f}", f"{took['own']:,.0f}"]


def start_tables(results):
    """Start and memory."""
    rows = []
    for name, found in results["start"].items():
        memory = [f"{found[when][part]:.1f}" for when in ("idle", "used") for part in ("rss", "anon", "file")]
        rows.append([f"({name})", f"{found['first']:.1f}", f"{min(found['starts']):.1f} to {max(found['starts']):.1f}", *memory])
    if not rows:
        return []
    heads = ["corpus", "first answer ms", "of 5 starts", "idle MB", "its own", "files", "after all queries MB", "its own", "files"]
    return ["## Start and memory", ""] + table(heads, rows)


def growth_tables(out, results):
    """Growth: a table, growth.csv, growth.svg."""
    rows = results.get("growth", [])
    if not rows:
        return []
    heads = ["contracts", "search p50 ms", "search p99 ms", "search mean ms", "raw tantivy p50 ms", "raw tantivy mean ms", "keystroke p99 ms", "mean matches", "idle MB",
             "MB after all queries", "its own MB", "index MB"]
    cells = [[row["contracts"], *(row["search"][part] for part in ("p50", "p99", "mean")), *(row["tantivy"][part] for part in ("p50", "mean")), row["suggest"]["p99"],
              row["matches"], row["idle"]["rss"], row["used"]["rss"], row["used"]["anon"], row["index_bytes"] / 1e6] for row in rows]
    with open(out / "growth.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *cells])
    curve = lambda name, of: (name, [(row["contracts"], of(row)) for row in rows])
    charts = [
        svg.chart("Latency", "ms", "contracts", [curve("search p50", lambda row: row["search"]["p50"]), curve("search p99", lambda row: row["search"]["p99"]),
                                                 curve("raw tantivy p50", lambda row: row["tantivy"]["p50"]), curve("keystroke p99", lambda row: row["suggest"]["p99"])]),
        svg.chart("Memory of a server after all queries", "MB", "contracts", [curve("all", lambda row: row["used"]["rss"]), curve("its own", lambda row: row["used"]["anon"])]),
    ]
    (out / "growth.svg").write_text(svg.picture(charts), encoding="utf-8")
    shown = [[f"{row[0]:,}", *(significant(cell) for cell in row[1:])] for row in cells]
    return ["## Growth", "", "![Latency and memory from a thousand contracts on](growth.svg)", ""] + table(heads, shown)


def counts_tables(results):
    """Match counts beside other engines."""
    rows = []
    for name, measured in results["latency"].items():
        for peer, found in measured["checked"].items():
            known = [reason for _, _, _, reason in explained(peer, found) if reason]
            rows.append([f"({name})", peer, found["compared"], found["compared"] - len(found["different"]), len(known), len(found["different"]) - len(known)])
    if not rows:
        return []
    lines = ["## Match counts", "", "Raw tantivy: the same stems, beside Rex asked for all the words and nothing else. SQLite: the words as they are written, beside Rex asked for"
             " each in quotes. The others have stems of their own.", ""]
    lines += table(["corpus", "engine", "compared", "equal", "known differences", "unexplained"], rows)
    lines += [f"- {peer}: {reason}" for peer, reasons in KNOWN.items() for reason in dict.fromkeys(text for _, text in reasons)] + [""]
    return lines + [f"- **{sentence}**" for sentence in unexplained(results)] + [""]


def explained(peer, found):
    """Each difference with its known reason, or None."""
    for query, ours, theirs in found["different"]:
        reasons = (text for is_so, text in KNOWN.get(peer, []) if is_so(query))
        yield query, ours, theirs, next(reasons, None)


def unexplained(results):
    """A sentence for every difference without a known reason."""
    return [f"corpus ({name}), query {query['id']} \"{query['q']}\" {json.dumps(query['filters'], ensure_ascii=False)}: Rex {ours}, {peer} {theirs}"
            for name, measured in results["latency"].items() for peer, found in (measured["checked"] or {}).items()
            for query, ours, theirs, reason in explained(peer, found) if not reason]


def raw(out, results):
    """All samples: one line for each query of each engine."""
    with gzip.open(out / "latency.jsonl.gz", "wt", encoding="utf-8") as file:
        for name, measured in results["latency"].items():
            categories = {query["id"]: query["category"] for query in measured["asked"]}
            for run in measured["runs"]:
                for rank in run.asked:
                    line = {"corpus": name, "engine": run.peer, "mode": run.mode, "query": rank, "category": categories[rank] if run.mode != "suggest" else "keystroke",
                            "total": run.totals.get(rank), "ns": [done[rank] for done in run.rounds]}
                    file.write(json.dumps(line) + "\n")
