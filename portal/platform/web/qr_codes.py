"""QR codes as paths of an inline SVG, which needs no style."""

import segno

QUIET_ZONE = 4  # squares of white around the code, as the standard asks


def build_qr_code_path(text: str) -> tuple[int, str]:
    """Return a QR code: the number of squares of its side, and the SVG path of the dark ones."""
    qr_code = segno.make(text, error="m", micro=False)
    path = []
    for y, row in enumerate(qr_code.matrix_iter(border=QUIET_ZONE)):
        dark = [x for x, bit in enumerate(row) if bit]
        path += [f"M{x} {y}h1v1h-1z" for x in dark]
    return int(qr_code.symbol_size(border=QUIET_ZONE)[0]), "".join(path)
