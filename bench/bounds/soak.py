"""`soak.py REX SITE [--requests N]` sends varied requests and prints the memory of the server on the way, without the pages of the mapped
index.

One in fifty is an expensive one of `attacks.py`. Exits 1 if the memory at the end exceeds that after half of the requests by a tenth.
"""

import argparse
import collections
import http.client
import itertools
import os
import random
import sys
import threading

import attacks

CLIENTS = 4


def requests(known, rng):
    """Endless varied requests: path and body."""
    expensive = [(path, body) for name, path, body in attacks.searches(known) if "batch" not in name]
    words, holders = known["words"], known["holders"]
    for round_number in itertools.count(1):
        text = " ".join(rng.choices(words, k=rng.randint(1, 4)))
        typed = text[: rng.randint(1, len(text))]
        kinds = [
            f"/v1/search?{attacks.query(q=text, page=rng.randint(1, 20))}",
            f"/v1/search?{attacks.query(q=text, montant=f'{rng.randint(0, 90000)}..')}",
            f"/v1/search?{attacks.query(titulaire=rng.choice(holders))}",
            f"/recherche?{attacks.query(q=typed)}",
            f"/v1/suggest?{attacks.query(q=typed)}",
            f"/v1/facets/acheteur?{attacks.query(q=typed)}",
            f"/cas/{known['id']}?{attacks.query(q=text)}",
            f"/v1/feed.atom?{attacks.query(q=text)}",
            f"/nothing/{rng.random()}",
        ]
        for path in rng.sample(kinds, len(kinds)):
            yield path, None
        if round_number % 5 == 0:
            yield rng.choice(expensive)


def main():
    """Reads the arguments and sends the requests."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rex", type=os.path.abspath)
    arguments.add_argument("site", type=os.path.abspath)
    arguments.add_argument("--requests", type=int, default=100_000)
    given = arguments.parse_args()
    with attacks.Server(given.rex, given.site) as server:
        known = attacks.sample(server)
        statuses = collections.Counter()

        def send(number, count):
            connection = http.client.HTTPConnection(*server.address, timeout=600)
            for path, body in itertools.islice(requests(known, random.Random(number)), count):
                statuses[server.ask(path, body, connection)[0]] += 1

        parts, memory = 10, []
        for part in range(parts):
            clients = [
                threading.Thread(target=send, args=(part * CLIENTS + n, given.requests // parts // CLIENTS)) for n in range(CLIENTS)
            ]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            memory.append(server.memory()[0])
            print(f"{sum(statuses.values()):>8} requests, {memory[-1]} MiB, {dict(statuses)}", flush=True)
    sys.exit(0 if memory[-1] <= memory[parts // 2 - 1] * 1.1 else 1)


if __name__ == "__main__":
    main()
