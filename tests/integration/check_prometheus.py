#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus scrapes a real signalboxd, answers queries about it, and lets an alert fire.

usage: check_prometheus.py SIGNALBOXD RESOURCES
"""
import json
import pathlib
import re
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import monitoring_rig as rig  # noqa: E402


def prepare(resources, folder, port):
    """The files as they are shipped, only faster and for this port."""
    config = (resources / "prometheus.yml").read_text(encoding="utf-8")
    assert "127.0.0.1:8787" in config
    config = config.replace("127.0.0.1:8787", f"127.0.0.1:{port}").replace("15s", "1s")
    (folder / "prometheus.yml").write_text(config, encoding="utf-8")
    for name in ("recording-rules.yml", "alerting-rules.yml"):
        rules = (resources / name).read_text(encoding="utf-8")
        (folder / name).write_text(re.sub(r"for: \d+[mh]", "for: 1s", rules), encoding="utf-8")


def listening_port(log):
    found = re.search(r'msg="Listening on" address=127\.0\.0\.1:(\d+)', log.read_text(encoding="utf-8", errors="replace"))
    return int(found.group(1)) if found else None


def query(port, path, **parameters):
    try:
        status, text = rig.ask(port, "GET", f"/api/v1/{path}?" + urllib.parse.urlencode(parameters), token=None)
    except OSError:
        return {}
    return json.loads(text).get("data", {}) if status == 200 else {}


def value(port, expression):
    result = query(port, "query", query=expression).get("result", [])
    return float(result[0]["value"][1]) if result else None


def firing(port):
    return {(alert["labels"]["alertname"], alert["labels"].get("provider", "")) for alert in query(port, "alerts").get("alerts", [])
            if alert["state"] == "firing"}


def main():
    program, resources = sys.argv[1], pathlib.Path(sys.argv[2])
    with rig.signalbox(program) as (port, folder):
        prepare(resources, folder, port)
        log = folder / "prometheus.log"
        command = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}",
                   "--web.listen-address=127.0.0.1:0"]
        with rig.process(command, log) as prometheus:
            scraper = rig.wait_for("Prometheus to listen", lambda: prometheus.poll() is not None or listening_port(log))
            assert prometheus.poll() is None, log.read_text(encoding="utf-8")
            rig.wait_for("a scrape", lambda: value(scraper, 'up{job="signalbox"}') == 1)
            assert not firing(scraper)
            rig.mixed_traffic(port, rounds=6)
            rig.wait_for("the breaker", lambda: value(scraper, 'signalbox_provider_breaker_state{provider="alpha", state="open"}') == 1)
            served = value(scraper, 'signalbox_requests_total{result="succeeded"}')
            assert served and served > 12, served
            assert value(scraper, 'signalbox_provider_score{provider="beta"}') > value(scraper, 'signalbox_provider_score{provider="alpha"}')
            rig.wait_for("a recorded series", lambda: value(scraper, 'provider:signalbox_attempts:rate5m{provider="beta"}'))
            rig.wait_for("the alert", lambda: ("SignalboxBreakerOpen", "alpha") in firing(scraper))
            assert ("SignalboxBreakerOpen", "beta") not in firing(scraper)
            targets = query(scraper, "targets").get("activeTargets", [])
            assert [target["lastError"] for target in targets] == [""], targets
    print("scraped, queried, alerted")


if __name__ == "__main__":
    main()
