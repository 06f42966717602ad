"""How long an answer takes, engine by engine in turn; and whether they find as many."""

import random
import time

import queries
from differences import joined
from figures import milliseconds, percentile, ratio_of_rounds, summary
from sessions import Session

SEED = 2028
# What engines do alike: no completion and no correction, which only Rex makes.
ALIKE = {"words-1", "words-2", "words-3", "words-4", "filtered", "sorted", "empty-filtered"}
SMALLEST_SAMPLE = 5
STEP = 10


class Run:
    """One engine in one mode over one corpus: the queries it is asked, and its figures."""

    def __init__(self, peer, mode, session, asked, is_ours=False):
        self.peer, self.mode, self.session, self.asked = peer, mode, session, asked
        self.is_ours = is_ours
        self.rounds, self.totals = [], {}

    @property
    def name(self):
        """How it is called in the record."""
        return f"{self.peer} {self.mode}"

    def warm_up(self, seconds):
        """Asks everything once, and takes a seeded sample of it where that takes longer."""
        order = list(self.asked)
        random.Random(SEED).shuffle(order)
        started, done = time.perf_counter(), 0
        while done < len(order) and (done < SMALLEST_SAMPLE or time.perf_counter() - started < seconds):
            step = order[done : done + (STEP if self.is_ours else 1)]
            self.session.ask("run", self.mode, *step)
            done += len(step)
        self.asked = sorted(order[:done])

    def round(self):
        """Asks everything once."""
        figures = self.session.ask("run", self.mode, *self.asked)
        self.rounds.append({rank: nanoseconds for rank, (nanoseconds, _) in zip(self.asked, figures)})
        self.totals = {rank: total for rank, (_, total) in zip(self.asked, figures)}

    def samples(self, ranks=None):
        """Rounds of samples, of these queries or all."""
        return [[figure for rank, figure in done.items() if ranks is None or rank in ranks] for done in self.rounds]

    def all_samples(self, ranks=None):
        """The samples of all rounds."""
        return [figure for done in self.samples(ranks) for figure in done]


def measure(corpus, peers, rounds, budget, log):
    """Runs every engine over the queries of a corpus, in turn; gives runs, what could not be had, and disagreements.

    `budget` is seconds for each mode of each engine: who is slower is asked a sample."""
    asked, typed = queries.read(corpus.queries), queries.read(corpus.keystrokes)
    rex = Session(corpus.rex_command())
    runs, missing, sessions = [], {}, {"rex": rex}
    for mode in ("search", "answer"):
        runs.append(Run("rex", mode, rex, [query["id"] for query in asked], True))
    runs.append(Run("rex", "suggest", rex, [stroke["id"] for stroke in typed], True))
    for peer in peers:
        try:
            sessions[peer.name] = peer.start(corpus)
        except (RuntimeError, OSError) as error:
            missing[peer.name] = str(error)
            continue
        possible = [query["id"] for query in asked if peer.answers(query)]
        runs += [Run(peer.name, mode, sessions[peer.name], possible, peer.name == "tantivy") for mode in peer.modes]
    try:
        for run in list(runs):
            log(f"{corpus.name}: {run.name}, warming up")
            try:
                run.warm_up(budget / (rounds + 1))
            except RuntimeError as error:
                missing[run.peer] = str(error)
                runs = [other for other in runs if other.peer != run.peer]
        for number in range(rounds):
            log(f"{corpus.name}: round {number + 1} of {rounds}")
            for run in runs:
                run.round()
        checked = compare({name: session for name, session in sessions.items() if name not in missing}, runs, asked, corpus.texts)
    finally:
        for session in sessions.values():
            session.close()
    return runs, missing, checked


def compare(sessions, runs, asked, texts):
    """Whether Rex, asked for nothing but the words, finds as many as raw tantivy with the same stems, query by query, and as many as
    SQLite with the words as they are written. The other peers have stems of their own: they are compared, and differ."""
    everything = [query["id"] for query in asked]
    ask = lambda name, mode: totals(sessions[name].ask("run", mode, *everything))
    literal, found = ask("rex", "literal"), {}
    if "tantivy" in sessions:
        found["tantivy"] = different(asked, literal, ask("tantivy", "full"))
    if "sqlite" in sessions:
        words = joined(texts)
        marked = [query | {"joined": not words.isdisjoint(query["q"].split())} for query in asked]
        found["sqlite"] = different(marked, ask("rex", "quoted"), ask("sqlite", "exact"))
    for run in runs:
        if run.mode == "full" and run.peer not in found and run.peer != "rex":
            found[run.peer] = different(asked, literal, run.totals)
    return found


def totals(figures):
    """Totals by rank."""
    return {rank: total for rank, (_, total) in enumerate(figures)}


def different(asked, ours, theirs):
    """How many queries were compared, and those where counts differ: query, ours, theirs."""
    unlike = [(query, ours[query["id"]], theirs[query["id"]]) for query in asked if query["id"] in theirs and ours[query["id"]] != theirs[query["id"]]]
    return {"compared": len(theirs), "different": unlike}


def by_category(asked):
    """Ranks of queries by category, and of those that all engines answer alike."""
    found = {"alike": {query["id"] for query in asked if query["category"] in ALIKE}}
    for query in asked:
        found.setdefault(query["category"], set()).add(query["id"])
    return found


def ratio(ours, theirs, ranks, share=50):
    """How many times as long ours takes, over the queries that both were asked among these; None without any."""
    both = ranks & set(ours.asked) & set(theirs.asked)
    return ratio_of_rounds(ours.samples(both), theirs.samples(both), share) if both else None


def typing_ratio(run, asked):
    """How many times as long a query with a typing error takes as the same without."""
    wrong = {query["id"]: query["exact"] for query in asked if "exact" in query}
    pairs = {query: exact for query, exact in wrong.items() if query in run.asked and exact in run.asked}
    if not pairs:
        return None
    # Every error beside its own exact query, which may be that of several.
    ours = [[done[query] for query in pairs] for done in run.rounds]
    theirs = [[done[exact] for exact in pairs.values()] for done in run.rounds]
    return ratio_of_rounds(ours, theirs)


def row(run, ranks=None):
    """The figures of a run in milliseconds, as text: samples, p50, p90, p99, max, mean."""
    figures = summary(run.all_samples(ranks))
    return [f"{figures['samples']:,}"] + [milliseconds(figures[name]) for name in ("p50", "p90", "p99", "max", "mean")]


def p(run, share, ranks=None):
    """A percentile in milliseconds."""
    return percentile(run.all_samples(ranks), share) / 1e6
