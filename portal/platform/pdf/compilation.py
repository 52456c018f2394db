"""Compiles a document, in a process of its own: `python -m portal.platform.pdf.compilation NAME TIMESTAMP`.

Standard input is the document's data as JSON, standard output the PDF. Typst keeps what it has laid out
until its process ends: 140 MB for each pack of fifteen teams.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "documents"
FONTS = FOLDER / "vendor"


def main(name: str, timestamp: int) -> None:
    """Read the data, and write the PDF with this creation time, in seconds since 1970."""
    import typst  # noqa: PLC0415  the process that asks for a PDF does without it

    pdf = typst.compile(
        str(FOLDER / f"{name}.typ"),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
        pdf_standards=["ua-1"],
        timestamp=timestamp,
    )
    assert isinstance(pdf, bytes)  # noqa: S101  a list for image formats only
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
