"""The properties of a PDF file, in a process of its own: `python -m portal.platform.storage.pdf_properties`.

Standard input is the file. Without an argument, standard output is the JSON list of its properties;
with the number of an open file that holds a JSON object of property → new text, the PDF with these.
Properties are those of the document, its XMP metadata, and the authors of its notes.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from portal.platform.storage import extraction

OUTPUT_MAX = 512 << 20  # bytes


def main(changes: Mapping[str, str] | None) -> None:
    """List the properties of standard input, or write it with changed ones."""
    import pypdf  # noqa: PLC0415  takes longer to import than most files to read

    extraction.limit_process_resources(OUTPUT_MAX)
    with open(0, "rb", closefd=False) as file, open(1, "wb", closefd=False) as output:
        writer = pypdf.PdfWriter(clone_from=file)
        texts: list[str] = []

        def see(text: str) -> str | None:
            texts.append(text)
            return changes.get(text) if changes else None

        rewrite_each_property(writer, see)
        if changes is None:
            output.write(json.dumps(texts).encode())
        else:
            writer.write(output)


def rewrite_each_property(writer: Any, see: Callable[[str], str | None]) -> None:
    """Show each property, and set it to what `see` returns for it, if anything."""
    from pypdf.generic import NameObject, StreamObject, TextStringObject  # noqa: PLC0415  see above

    notes = [note.get_object() for page in writer.pages for note in page.get("/Annots") or ()]
    author = [(note, "/T") for note in notes if note.get("/Subtype") != "/Widget"]
    for holder, name in [*((writer._info or {}, key) for key in writer._info or {}), *author]:
        value = holder.get(name)
        new = see(str(value)) if isinstance(value, str) else None
        if new is not None:
            holder[NameObject(name)] = TextStringObject(new)
    for number, part in enumerate(writer._objects):
        if isinstance(part, StreamObject) and part.get("/Type") == "/Metadata":
            new = see(part.get_data().decode("utf-8", "replace"))
            if new is not None:
                anew = StreamObject()
                anew.set_data(new.encode())
                kinds = {"/Type": "/Metadata", "/Subtype": "/XML"}
                anew.update({NameObject(key): NameObject(value) for key, value in kinds.items()})
                writer._objects[number] = anew


def _read_changes_from_descriptor(number: str) -> Mapping[str, str]:
    with open(int(number), "rb") as file:  # noqa: PTH123  an open file that our process inherits
        changes: Mapping[str, str] = json.load(file)
    return changes


if __name__ == "__main__":
    main(_read_changes_from_descriptor(sys.argv[1]) if sys.argv[1:] else None)
