"""URLs of all pages that need no id, for a project with the slug `heron`."""

from flask import Flask
from werkzeug.routing import BuildError

KNOWN = {"slug": "heron", "number": 1, "language": "fr", "task": 1}


def addresses_of(app: Flask) -> dict[str, str]:
    """Return the endpoint of each URL."""
    endpoints = {}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not rule.arguments <= KNOWN.keys():
                continue
            try:
                values = {name: KNOWN[name] for name in rule.arguments}
                endpoints[adapter.build(rule.endpoint, values)] = rule.endpoint
            except BuildError:
                continue
    return endpoints
