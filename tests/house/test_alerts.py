"""The alert rules and the dashboard that operators install ask for metrics that the portal gives."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.skips import PROMTOOL as HOW_TO

PROMTOOL = shutil.which("promtool")
FILE = Path(__file__).resolve().parents[2] / "hosting" / "portal-alerts.yml"
GUIDE = FILE.parents[1] / "docs" / "hosting" / "operations.md"
DASHBOARD = FILE.with_name("portal-dashboard.json")
FUNCTIONS = {"rate", "sum", "min", "max", "count", "by", "le", "histogram_quantile", "topk"}
LABELS = {"job", "status", "endpoint", "version", "instance"}
OF_PROMETHEUS = {"up"}


def read_rules():
    (group,) = yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    return group["rules"]


@pytest.fixture
def exported(app):
    """Names of the samples of one scrape, after a request."""
    client = app.test_client()
    client.get("/health/live")
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {sample.name for family in families for sample in family.samples}


def read_metrics(expression: str) -> set[str]:
    """The metrics that an expression of Prometheus asks for."""
    words = re.findall(r"[a-z_]+", re.sub(r'"[^"]*"|\[[^\]]*\]', "", expression))
    return set(words) - FUNCTIONS - LABELS


def test_every_rule_asks_for_metrics_that_are_exported(exported):
    for rule in read_rules():
        metrics = read_metrics(rule["expr"])
        assert metrics
        assert metrics <= exported | OF_PROMETHEUS, rule["alert"]


def read_panels():
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]


def test_every_panel_asks_for_metrics_that_are_exported(exported):
    shown = set()
    for panel in read_panels():
        for target in panel["targets"]:
            metrics = read_metrics(target["expr"])
            assert metrics
            assert metrics <= exported | OF_PROMETHEUS, panel["title"]
            shown |= metrics
    alerted = set().union(*(read_metrics(rule["expr"]) for rule in read_rules()))
    assert alerted <= shown, "what alerts can be looked at"


def test_panels_have_titles_and_places_of_their_own():
    panels = read_panels()
    assert len({panel["title"] for panel in panels}) == len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (place["x"] + column, place["y"] + line)
        for place in (panel["gridPos"] for panel in panels)
        for column in range(place["w"])
        for line in range(place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24
    assert DASHBOARD.name in GUIDE.read_text(encoding="utf-8")


def test_every_rule_says_what_it_means_and_how_urgent_it_is():
    names = [rule["alert"] for rule in read_rules()]
    assert len(names) == len(set(names)) >= 7
    for rule in read_rules():
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["labels"]["severity"] in {"page", "ticket"}
    assert "portal-alerts.yml" in GUIDE.read_text(encoding="utf-8")


def test_prometheus_takes_the_rules():
    if PROMTOOL is None:
        pytest.skip(HOW_TO)
    subprocess.run([PROMTOOL, "check", "rules", str(FILE)], check=True, capture_output=True)


def test_prometheus_takes_the_expressions_of_the_dashboard(tmp_path):
    if PROMTOOL is None:
        pytest.skip(HOW_TO)
    expressions = [target["expr"] for panel in read_panels() for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(expressions)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    subprocess.run([PROMTOOL, "check", "rules", str(file)], check=True, capture_output=True)
