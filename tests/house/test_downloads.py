"""Forms that a file answers say so: `data-download` stands beside each of their addresses, so that
the page, which such an answer does not leave, is free again at once."""

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SENDS_FILE = re.compile(
    r"\b_?send_\w*(table|file|archive|export)\b|Content-Disposition|answer_export_request"
)
SAID = re.compile(r"data[-_]download")
# What is shown by one page for all: `answer_export_request` says it there.
SHARED = {"concern_exports.export_issues", "extracts.export_portfolio"}


def list_downloads(app: Flask) -> set[str]:
    """The endpoints that answer a form with a file."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and SENDS_FILE.search(inspect.getsource(inspect.unwrap(app.view_functions[rule.endpoint])))
    }


def find_silent_forms(endpoints: set[str], sources: Mapping[str, str]) -> Iterator[str]:
    """Lines of templates with such an address and without the word."""
    for name, text in sources.items():
        for line in text.splitlines():
            if any(re.search(f"[\"']{endpoint}[\"']", line) for endpoint in endpoints):
                forms = re.findall(r"ui\.form\(|formaction=", line)
                if len(SAID.findall(line)) < len(forms):
                    yield f"{name}: {line.strip()[:90]}"


def read_templates() -> Mapping[str, str]:
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}


def test_every_form_that_a_file_answers_says_so(app):
    endpoints, sources = list_downloads(app) - SHARED, read_templates()
    assert len(endpoints) >= 12
    written = "\n".join(sources.values())
    shown = {name for name in endpoints if f'"{name}"' in written or f"'{name}'" in written}
    assert endpoints - shown <= {"departures.download_payments"}  # given to its page as an address
    assert "ui.form(report_url, data_download=True)" in sources["app/archives/departed.html"]
    assert not list(find_silent_forms(endpoints, sources))
    assert "data_download=page.answers_with_file" in sources["platform/web/form_page.html"]


def test_a_form_that_does_not_say_so_is_found(app):
    sources = {name: SAID.sub("", text) for name, text in read_templates().items()}
    assert len(list(find_silent_forms(list_downloads(app), sources))) >= 8
