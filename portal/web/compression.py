"""Pages travel compressed: a portfolio of 50 kB is 8 kB on a phone's line.

Assets are compressed when they are built (`assets`). A page that says back what its address holds,
beside a secret, tells by its length how alike they are (BREACH): what could be learnt is the forms'
token, which is no use without the portal's own origin (`intake`).
"""

from flask import Flask
from flask_compress import Compress


def init_app(app: Flask) -> None:
    """Before whatever else touches answers, so that it comes after them."""
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/plain"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=1,  # a tenth of a millisecond; the fourth level takes six times as long
        COMPRESS_LEVEL=1,
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # private pages are not kept by browsers
    )
    Compress(app)
