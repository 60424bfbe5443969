"""Measures the sessions of Twisted Web, which this library is modelled on, and prints the figures as JSON."""

import gc
import json
import random
import resource
import sys
import time

from twisted import __version__
from twisted.web.resource import Resource
from twisted.web.server import Site


def used():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def nanoseconds(items, work):
    start = time.process_time()
    for item in items:
        work(item)
    return (time.process_time() - start) * 1e9 / len(items)


def main(count):
    site = Site(Resource())
    made = [None] * count
    empty = used()
    start = time.process_time()
    for index in range(count):
        made[index] = site.makeSession()
    make = (time.process_time() - start) * 1e9 / count
    size = (used() - empty) / count

    shuffled = random.sample(made, count)
    uids = [session.uid for session in shuffled]
    figures = {"make": make}
    figures["find by uid and touch"] = nanoseconds(uids, lambda uid: site.getSession(uid).touch())
    figures["touch in order"] = nanoseconds(made, lambda session: session.touch())
    figures["touch in random order"] = nanoseconds(shuffled, lambda session: session.touch())
    for session in made:
        session.notifyOnExpire(lambda: None)
    figures["end"] = nanoseconds(made, lambda session: session.expire())
    print(json.dumps({"version": __version__, "bytes": size, "nanoseconds": figures}))


main(int(sys.argv[1]))
