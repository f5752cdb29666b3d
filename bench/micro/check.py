# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py RESULT.json: the figures beside their targets. Medians, where the run was repeated."""
import json
import statistics
import sys

# what, its benchmark, the limit: least per second, or most nanoseconds a call
TARGETS = [
    ("events through queue and aggregation", "BM_QueueAndAggregation/real_time", 1_000_000, "/s"),
    ("full request events durable", "BM_RequestsDurable/iterations:8/real_time", 150_000, "/s"),
    ("breaker input records durable", "BM_BreakerInputsDurable/iterations:8/real_time", 300_000, "/s"),
    ("score, uncached", "BM_ScoreUncached", 20_000_000, "/s"),
    ("score, cached", "BM_ScoreCached", 100_000_000, "/s"),
    ("breaker admission", "BM_BreakerAdmission/manual_time", 10, "ns"),
    ("breaker record", "BM_BreakerRecord", 50, "ns"),
    ("Prometheus text of 50 providers", "BM_PrometheusText/50", 1_000_000, "ns"),
]
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def main():
    samples = {}
    for run in json.load(open(sys.argv[1]))["benchmarks"]:
        if run.get("run_type") == "iteration" and not run.get("error_occurred"):
            samples.setdefault(run["name"], []).append(run)
    missed = 0
    for words, name, limit, unit in TARGETS:
        runs = samples.get(name)
        if not runs:
            print(f"{words:40} not measured")
            continue
        if unit == "/s":
            value = statistics.median(run["items_per_second"] for run in runs)
        else:
            value = statistics.median(1e9 / run["items_per_second"] if "items_per_second" in run
                                      else run["cpu_time"] * NANOSECONDS[run["time_unit"]] for run in runs)
        met = value >= limit if unit == "/s" else value <= limit
        missed += not met
        print(f"{words:40} {value:16,.1f} {unit:3} {'>=' if unit == '/s' else '<='} {limit:12,}  {'met' if met else 'MISSED'}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
