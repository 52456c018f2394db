"""What a browser calls itself, read coarsely: enough to know one’s own devices again.

Families only, no versions: a list of ours that may lag, and then says nothing rather than guess.
"""

import re
from dataclasses import dataclass

# The first that is found counts: most browsers also name those that they resemble.
BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|HeadlessChrome|CriOS|Chromium)/"),
    ("Safari", r"\bVersion/\S+ .*\bSafari/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
USER_AGENT_MAX = 400  # characters; real ones are shorter


@dataclass(frozen=True)
class Device:
    """A browser and a system by name; empty where unknown."""

    browser: str = ""
    system: str = ""


def parse_user_agent(user_agent: str) -> Device:
    return Device(
        _first_match(BROWSERS, user_agent[:USER_AGENT_MAX]),
        _first_match(SYSTEMS, user_agent[:USER_AGENT_MAX]),
    )


def _first_match(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")
