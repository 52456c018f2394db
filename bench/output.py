"""What the bench prints: lines for people, or one JSON document at the end."""

import json
import os
import time
from collections.abc import Mapping
from typing import Any


class Report:
    """Prints as it goes, or keeps all for one JSON document at the end."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.facts: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "cores": os.cpu_count(),
            "engines": {},
        }

    def say(self, text: str = "") -> None:
        if not self.quiet:
            print(text, flush=True)

    def say_pages(self, pages: Mapping[str, Mapping[str, Any]]) -> None:
        """What pages cost as first asked after something changed, and then."""
        for name, each in pages.items():
            first = f"{each['queries']:>3} queries and {each['first_ms']:>7.1f} ms of processor time"
            self.say(
                f"  {name:16} {first} after a change, {each['queries_again']:>3} and {each['ms']:>6.1f} then"
            )

    def keep(self, engine: str, part: str, facts: object) -> None:
        self.facts["engines"].setdefault(engine, {})[part] = facts

    def end(self) -> None:
        if self.quiet:
            print(json.dumps(self.facts, indent=1))
