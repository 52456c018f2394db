"""The version is written once, and said where an operator looks."""

import tomllib
from pathlib import Path

from tests.support.browser import words_of

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]


def test_the_version_is_said_by_the_probe_and_on_the_legal_page(app, browser_for):
    assert app.test_client().get("/health/ready").get_json()["version"] == PROJECT["version"]
    page = browser_for(None).visit("/legal")
    assert f"Version {PROJECT['version']} du portail." in words_of(page.main)


def test_the_changelog_dates_the_version():
    changelog = (Path(__file__).parents[3] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{PROJECT['version']}] – 20" in changelog
