"""Cleaning of file names: no path, no deceptive characters, one extension."""

import re

from portal.platform.kernel.text import clean_text

NAME_MAX = 120
_PATH = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]+')  # on Windows
# Percent-encoded controls: browsers encode line ends and quotes of names (HTML standard, "multipart
# form data"), other clients more.
_ESCAPED = re.compile(r"(?i)%(?:0[0-9a-f]|1[0-9a-f]|7f)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
# Invisible and direction characters, in addition to those that `clean` removes.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f]")
_DOT_WITHIN = re.compile(r"\.(?!\d)|(?<!\d)\.")  # but not in 1.2
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")  # reserved names of Windows
_UNNAMED = "fichier"


def extension_of(name: str) -> str:
    """The extension in lower case, with its dot; "" without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


def clean_file_name(name: str) -> str:
    """A file name that is safe to store, show and save; never empty, at most `NAME_MAX` long.

    Only the last extension stays: `note.html.pdf` becomes `note_html.pdf`.
    """
    last = _PATH.split(_ESCAPED.sub(" ", name).replace("%22", '"'))[-1]
    spaced = _CONTROLS.sub(" ", last)
    text = " ".join(clean_text(_HIDDEN.sub("", _FORBIDDEN.sub("_", spaced))).split())
    text = text.strip(". ")
    ending = extension_of(text)
    stem = text[: len(text) - len(ending)] if ending else text
    stem = _DOT_WITHIN.sub("_", stem.strip(". ")) or _UNNAMED
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: max(1, NAME_MAX - len(ending))].rstrip() + ending[: NAME_MAX // 2]
