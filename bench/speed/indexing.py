"""Import and indexing: Rex beside tantivy with the same fields."""

import os
import shutil
import statistics

import corpora
from sessions import size, timed


def compare(corpus, rounds, log):
    """Medians over rounds, all programs in turn: `rex import decp` and `rex index`, tantivy with one and with two writers."""
    folder = corpus.folder / "indexing"
    shutil.rmtree(folder, ignore_errors=True)
    decp, records, site = corpora.decp_file(corpus), folder / "site/corpus/records.jsonl", folder / "site"
    records.parent.mkdir(parents=True)
    shutil.copy(corpus.site / "rex.toml", site)
    tools, found = corpus.tools, {}
    programs = {
        "rex import decp": ([tools.rex, "import", "decp", decp, "--out", records], None),
        "rex index": ([tools.rex, "index"], site),
        "tantivy, same fields, 1 writer": ([tools.engines, "index", "same", 1, records, tools.labels, folder / "same-1"], None),
        "tantivy, same fields, 2 writers": ([tools.engines, "index", "same", 2, records, tools.labels, folder / "same-2"], None),
    }
    for number in range(rounds):
        log(f"indexing {corpus.name}, round {number + 1} of {rounds}")
        shutil.rmtree(site / "index", ignore_errors=True)
        for name, (command, cwd) in programs.items():
            # None waits for what the one before has still to write to the disk.
            os.sync()
            found.setdefault(name, []).append(timed(command, cwd))
    medians = {name: {key: statistics.median(took[key] for took in all_) for key in all_[0]} for name, all_ in found.items()}
    for name, place in (("rex import decp", records.parent), ("rex index", site / "index"), ("tantivy, same fields, 1 writer", folder / "same-1"),
                        ("tantivy, same fields, 2 writers", folder / "same-2")):
        medians[name]["bytes"] = size(place)
    shutil.rmtree(folder)
    return {"contracts": corpus.count(), "rounds": rounds, "programs": medians}


def whole(corpus, log):
    """Import and indexing of a whole corpus by Rex, once: its index is that of the other measurements."""
    log(f"importing and indexing {corpus.name}")
    tools = corpus.tools
    os.sync()
    # Beside the records that other indexes were made from, which are the same.
    again = corpus.folder / "imported.jsonl"
    imported = timed([tools.rex, "import", "decp", corpora.decp_file(corpus), "--out", again])
    again.unlink()
    shutil.rmtree(corpus.site / "index", ignore_errors=True)
    indexed = timed([tools.rex, "index"], corpus.site)
    records, index = corpus.records.stat().st_size, size(corpus.site / "index")
    return {"contracts": corpus.count(), "import": imported, "index": indexed, "records_bytes": records, "index_bytes": index}
