"""The sentences of the interface: collected from the code, kept in translations/.

`update` writes the catalogues; `check` says what is missing, left over or wrong. French is the
source: its catalogue only holds the plurals, which follow other rules than English ones.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "translations"
METHODS = [
    ("portal/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
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
    """Every marked sentence, with where it stands."""
    catalog = Catalog(project="portail-laureats", charset="utf-8")
    found = extract_from_dir(
        str(ROOT),
        METHODS,
        OPTIONS,
        KEYWORDS,
        directory_filter=lambda path: Path(path).name not in SKIPPED,
    )
    for path, _line, message, _comments, _context in sorted(
        found, key=lambda one: (one[0], one[1])
    ):
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
        write_po(
            file, catalog, width=100, omit_header=False, ignore_obsolete=True, sort_output=True
        )


def updated(locale: str, source: Catalog) -> Catalog:
    """What the catalogue should hold: old translations kept, nothing guessed, nothing left over."""
    old = read(locale)
    new = Catalog(locale=locale, charset="utf-8", project=source.project, fuzzy=False)
    new.header_comment = f"# The portal's sentences: {locale}."
    new.creation_date = new.revision_date = BEGINNING  # a date that moves is noise in every change
    for message in source:
        if not message.id:
            continue
        if locale == "fr":
            if isinstance(message.id, tuple):
                new.add(message.id, message.id, locations=message.locations, flags=message.flags)
            continue
        kept = old.get(message.id if isinstance(message.id, str) else message.id[0])
        text = kept.string if kept is not None and kept.id == message.id else None
        new.add(message.id, text, locations=message.locations, flags=message.flags)
    return new


def typography(source: Catalog) -> list[str]:
    """French sentences whose line could break before a colon, or inside guillemets."""
    texts = [
        text
        for message in source
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]
    return [f"fr: a breaking space: {text!r}" for text in texts if BREAKING.search(text)]


def faults(locale: str, source: Catalog) -> list[str]:
    have, want = read(locale), updated(locale, source)
    ids = {message.id for message in have if message.id}
    wanted = {message.id for message in want if message.id}
    said = [f"{locale}: not collected: {one!r}" for one in sorted(wanted - ids, key=str)]
    said += [f"{locale}: left over: {one!r}" for one in sorted(ids - wanted, key=str)]
    for message in have:
        if message.id and message.id in wanted:
            said += [f"{locale}: {fault}: {message.id!r}" for fault in _faults_of(message, have)]
    return said


def _faults_of(message: Message, catalog: Catalog) -> list[str]:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings):
        return ["not translated"]
    said = ["fuzzy"] if message.fuzzy else []
    return said + [str(error) for error in message.check(catalog)]


def main() -> None:
    source = collect()
    if sys.argv[1:] == ["update"]:
        for locale in ("fr", "en"):
            write(locale, updated(locale, source))
    said = [fault for locale in ("fr", "en") for fault in faults(locale, source)]
    said += typography(source)
    for fault in said:
        print(fault)
    if said:
        sys.exit(f"{len(said)} sentences need work: make messages, then translate")


if __name__ == "__main__":
    main()
