"""The name of a file, as it is kept and given back: no path, no trick, one extension."""

import re

from portal.platform.kernel.text import clean

NAME_MAX = 120
_PATH = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]+')  # by the systems on which it will be saved
# Browsers write line ends and quotes of a name so (HTML, “multipart form data”); others do the
# same with whatever is no letter. None of it belongs in a name.
_ESCAPED = re.compile(r"(?i)%(?:0[0-9a-f]|1[0-9a-f]|7f)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
# Beside what every text of ours loses: what hides in a name, and what turns it around.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f]"
)
_DOT_WITHIN = re.compile(r"\.(?!\d)|(?<!\d)\.")  # but 1.2 stays 1.2
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")  # Windows opens these instead
_UNNAMED = "fichier"


def extension_of(name: str) -> str:
    """What stands after the last dot, with it, in lower case; "" where nothing does."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


def clean_name(sent: str) -> str:
    """What a browser called a file, made safe to keep, to show and to save; never empty.

    Only its last extension stays one: `note.html.pdf` is kept as `note_html.pdf`.
    """
    last = _PATH.split(_ESCAPED.sub(" ", sent).replace("%22", '"'))[-1]
    spaced = _CONTROLS.sub(" ", last)
    text = " ".join(clean(_HIDDEN.sub("", _FORBIDDEN.sub("_", spaced))).split())
    text = text.strip(". ")
    ending = extension_of(text)
    stem = text[: len(text) - len(ending)] if ending else text
    stem = _DOT_WITHIN.sub("_", stem.strip(". ")) or _UNNAMED
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: max(1, NAME_MAX - len(ending))].rstrip() + ending[: NAME_MAX // 2]
