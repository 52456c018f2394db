"""Message catalogues in translations/, extracted from the code.

`update` writes the catalogues; `check` reports missing, obsolete and invalid messages. French is
the source: its catalogue holds only the plurals, whose rules differ from the English ones.
"""

import re
import sys
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "translations"
METHODS = [("portal/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
BREAKING = re.compile(r" [:;?!»](?!\w)|« ")
BEGINNING = datetime(2026, 11, 24, tzinfo=UTC)
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "_ln": (1, 2),
}
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
SKIPPED = {".venv", "static", "tests", "build", "data"}


def collect() -> Catalog:
    """Extract every marked sentence with its location."""
    catalog = Catalog(project="portail-laureats", charset="utf-8")
    extracted = extract_from_dir(
        str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: Path(path).name not in SKIPPED
    )
    for path, _line, message, _comments, _context in sorted(extracted, key=itemgetter(0, 1)):
        catalog.add(message, locations=[(path, None)])
    return catalog


def po_path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(locale: str, catalog: Catalog) -> None:
    path = po_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False, ignore_obsolete=True, sort_output=True)


def updated(locale: str, source: Catalog) -> Catalog:
    """The catalogue with the source's messages and the existing translations; no fuzzy matches."""
    old = read(locale)
    new = Catalog(locale=locale, charset="utf-8", project=source.project, fuzzy=False)
    new.header_comment = f"# The portal's sentences: {locale}."
    new.creation_date = new.revision_date = BEGINNING  # a changing date would be noise in every commit
    for message in source:
        if not message.id:
            continue
        if locale == "fr":
            if isinstance(message.id, tuple):
                new.add(message.id, message.id, locations=message.locations, flags=message.flags)
            continue
        translated = old.get(message.id if isinstance(message.id, str) else message.id[0])
        text = translated.string if translated and translated.id == message.id else None
        new.add(message.id, text, locations=message.locations, flags=message.flags)
    return new


def typography(source: Catalog) -> list[str]:
    """French sentences with a breaking space before a colon or inside guillemets."""
    texts = [
        text
        for message in source
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]
    return [f"fr: a breaking space: {text!r}" for text in texts if BREAKING.search(text)]


def faults(locale: str, source: Catalog) -> list[str]:
    """The faults of a catalogue, a line each."""
    current, expected = read(locale), updated(locale, source)
    ids = {message.id for message in current if message.id}
    expected_ids = {message.id for message in expected if message.id}
    lines = [f"{locale}: not collected: {id_!r}" for id_ in sorted(expected_ids - ids, key=str)]
    lines += [f"{locale}: left over: {id_!r}" for id_ in sorted(ids - expected_ids, key=str)]
    for message in current:
        if message.id and message.id in expected_ids:
            message_faults = _faults_of(message, current)
            lines += [f"{locale}: {fault}: {message.id!r}" for fault in message_faults]
    return lines


def _faults_of(message: Message, catalog: Catalog) -> list[str]:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings):
        return ["not translated"]
    fuzzy = ["fuzzy"] if message.fuzzy else []
    return fuzzy + [str(error) for error in message.check(catalog)]


def main() -> None:
    source = collect()
    if sys.argv[1:] == ["update"]:
        for locale in ("fr", "en"):
            write(locale, updated(locale, source))
    lines = [fault for locale in ("fr", "en") for fault in faults(locale, source)]
    lines += typography(source)
    for line in lines:
        print(line)
    if lines:
        sys.exit(f"{len(lines)} sentences need work: make messages, then translate")


if __name__ == "__main__":
    main()
