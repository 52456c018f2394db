"""How full the pages of a printed PDF are."""

from io import BytesIO

from pypdf import PdfReader

FOOT = 62  # points from the bottom of a page to its margin, where the running foot begins
TOP = 40


def list_page_fills(pdf: bytes) -> list[float]:
    """How far down each page has text, as a share of its height between the margins."""
    fills = []
    for page in PdfReader(BytesIO(pdf)).pages:
        baselines: list[float] = []

        def see(text: str, outer: list[float], inner: list[float], *_font: object, to=baselines) -> None:
            if text.strip():
                to.append(outer[1] * inner[4] + outer[3] * inner[5] + outer[5])

        page.extract_text(visitor_text=see)
        height = float(page.mediabox.height)
        lowest = min(y for y in baselines if y > FOOT)
        fills.append((height - TOP - lowest) / (height - TOP - FOOT))
    return fills


def list_page_texts(pdf: bytes) -> list[str]:
    """The text of each page, without any space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
