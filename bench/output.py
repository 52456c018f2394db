"""What the bench prints: lines for people, or one JSON document at the end."""

import json
import os
import time
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

    def keep(self, engine: str, part: str, facts: object) -> None:
        self.facts["engines"].setdefault(engine, {})[part] = facts

    def end(self) -> None:
        if self.quiet:
            print(json.dumps(self.facts, indent=1))
