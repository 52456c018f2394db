"""The alert rules that operators install ask for metrics that the portal gives."""

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
FUNCTIONS = {"rate", "sum", "max", "by", "le", "histogram_quantile"}
LABELS = {"job", "status"}
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


def test_every_rule_asks_for_metrics_that_are_exported(exported):
    for rule in read_rules():
        words = re.findall(r"[a-z_]+", re.sub(r'"[^"]*"|\[[^\]]*\]', "", rule["expr"]))
        metrics = set(words) - FUNCTIONS - LABELS - OF_PROMETHEUS
        assert metrics <= exported, (rule["alert"], metrics - exported)
        assert metrics or "up" in words


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
