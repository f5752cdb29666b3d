#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds /metrics and what is made of it (rules, dashboard) together.

usage: check_monitoring.py SIGNALBOXD RESOURCES
"""
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import monitoring_rig as rig  # noqa: E402

NAME = re.compile(r"\b(?:signalbox|process)_[a-z_0-9]+|\b(?:provider|instance):signalbox_[a-z_0-9]+:[a-z_0-9]+")


def promtool(*arguments, stdin=None, cwd=None):
    done = subprocess.run(["promtool", *arguments], input=stdin, cwd=cwd, text=True, capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr


def expressions(node):
    """Every PromQL text in the dashboard."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("expr", "definition") and isinstance(value, str):
                yield value
            else:
                yield from expressions(value)
    elif isinstance(node, list):
        for value in node:
            yield from expressions(value)


def check_exposition(text):
    code, said = promtool("check", "metrics", stdin=text)
    assert code == 0 and not said.strip(), f"promtool check metrics: {said}"
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
    series = sum(1 for line in text.splitlines() if line and not line.startswith("#"))
    assert series < 2000, f"{series} series from a little traffic with many models and paths"
    return families


def exported(families):
    names = set(families)
    for name, kind in families.items():
        if kind == "histogram":
            names |= {name + suffix for suffix in ("_bucket", "_sum", "_count")}
    return names


def check_names(folder, names):
    recording = (folder / "recording-rules.yml").read_text(encoding="utf-8")
    alerting = (folder / "alerting-rules.yml").read_text(encoding="utf-8")
    recorded = set(re.findall(r"record: (\S+)", recording))
    dashboard = json.loads((folder / "grafana-dashboard.json").read_text(encoding="utf-8"))
    texts = {"recording-rules.yml": [recording], "alerting-rules.yml": [alerting],
             "grafana-dashboard.json": list(expressions(dashboard))}
    for file, parts in texts.items():
        used = {name for part in parts for name in NAME.findall(part)}
        # The group names look like metrics.
        unknown = used - names - recorded - {"signalbox_recording", "signalbox_alerts"}
        assert len(used) > 5 and not unknown, f"{file} names what is not exported: {sorted(unknown)}"
    return dashboard


def check_dashboard(dashboard):
    assert dashboard["schemaVersion"] >= 36 and dashboard["title"] and dashboard["uid"]
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    ids, taken = set(), set()
    for panel in dashboard["panels"]:
        assert panel["id"] not in ids and panel["title"], panel
        ids.add(panel["id"])
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= 24, panel["title"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, f"{panel['title']} overlaps another panel"
        taken |= cells
        assert panel["type"] == "row" or panel["targets"], panel["title"]
        for target in panel.get("targets", []):
            used = set(re.findall(r"\$(?!__)(\w+)", target["expr"]))
            assert used <= variables, f"{panel['title']} uses {used - variables}"
            # As Grafana fills them in, it must be PromQL.
            query = target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$provider", ".*")
            rules = json.dumps({"groups": [{"name": "panel", "rules": [{"record": "panel", "expr": query}]}]})
            yield rules


def check_rules(folder):
    for arguments in (("check", "config", "prometheus.yml"), ("test", "rules", "rules-test.yml")):
        code, said = promtool(*arguments, cwd=folder)
        assert code == 0, said
    alerts = re.findall(r"- alert: (\S+)", (folder / "alerting-rules.yml").read_text(encoding="utf-8"))
    tests = (folder / "rules-test.yml").read_text(encoding="utf-8")
    for alert in alerts:
        for kind in ("fires", "is quiet"):
            assert f"- name: {alert} {kind}\n" in tests, f"no test that {alert} {kind}"
    fired = re.findall(r"alertname: (\S+)\n\s+exp_alerts:", tests)
    assert sorted(fired) == sorted(alerts), "an alert that never fires in its test"
    return len(alerts)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    alerts = check_rules(folder)
    with rig.signalbox(program) as (port, temporary):
        check_exposition(rig.metrics(port))
        rig.mixed_traffic(port)
        text = rig.metrics(port)
        families = check_exposition(text)
        assert rig.TOKEN not in text
        dashboard = check_names(folder, exported(families))
        queries = list(check_dashboard(dashboard))
        files = []
        for number, rules in enumerate(queries):
            files.append(temporary / f"panel-{number}.json")
            files[-1].write_text(rules, encoding="utf-8")
        code, said = promtool("check", "rules", *map(str, files))
        assert code == 0, said
    print(f"{len(families)} metric families, {alerts} alerts, {len(queries)} queries of the dashboard: all fit together")


if __name__ == "__main__":
    main()
