"""Statistics, and the exponent of a power law through two points."""

import math
import statistics


def percentile(samples, share):
    """A percentile by the nearest-rank method."""
    ordered = sorted(samples)
    return ordered[max(1, math.ceil(len(ordered) * share / 100)) - 1]


def summary(samples):
    """Count, median, p90, p99, largest and mean."""
    found = {f"p{share}": percentile(samples, share) for share in (50, 90, 99)}
    return {"samples": len(samples), **found, "max": max(samples), "mean": statistics.fmean(samples)}


def ratio_of_rounds(ours, theirs, share=50):
    """How many times as much ours is: of every round the ratio of the percentiles, and of these the median. Each is a list of rounds of
    samples, which were taken in turn."""
    return statistics.median(percentile(a, share) / percentile(b, share) for a, b in zip(ours, theirs))


def milliseconds(nanoseconds):
    """Formatted with three digits."""
    return significant(nanoseconds / 1e6)


def significant(number):
    """Three significant digits, without an exponent."""
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.{max(0, 2 - math.floor(math.log10(abs(number))))}f}"


def exponent(small, large):
    """The exponent of a power law through two points."""
    (x, y), (x2, y2) = small, large
    return math.log(y2 / y) / math.log(x2 / x)
