"""Parse the user agent into a browser and a system, so that people recognise their devices.

Families only, no versions; unknown families give an empty name.
"""

import re
from dataclasses import dataclass

# The first match counts: most user agents also name the browsers that they resemble.
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
USER_AGENT_MAX = 400  # characters that are parsed


@dataclass(frozen=True)
class Device:
    """Names of a browser and a system; empty if unknown."""

    browser: str = ""
    system: str = ""


def parse_user_agent(user_agent: str) -> Device:
    """Return the device that a `User-Agent` header names."""
    return Device(
        _find_first_matching_name(BROWSERS, user_agent[:USER_AGENT_MAX]),
        _find_first_matching_name(SYSTEMS, user_agent[:USER_AGENT_MAX]),
    )


def _find_first_matching_name(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")
