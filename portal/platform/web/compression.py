"""Pages travel compressed: a portfolio of 50 kB is 8 kB on a phone's line.

A page that says back what its address holds tells by its length how alike that is to what else is
on it (BREACH). So what another site's page caused is never compressed: nobody else chooses the
words. A browser that does not say who caused a request gets plain pages.

Assets are compressed when they are built (`assets`).
"""

from flask import Flask, Response, request
from flask_compress import Compress

_OWN_SITE = frozenset({"same-origin", "none"})  # a page of ours, or the person's own hand


def init_app(app: Flask) -> None:
    """Before whatever else touches answers, so that it comes after them."""
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/plain"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=1,  # a tenth of a millisecond; the fourth level takes six times as long
        COMPRESS_LEVEL=1,
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # private pages are not kept by browsers
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    @app.after_request
    def pack(response: Response) -> Response:
        if request.headers.get("Sec-Fetch-Site") not in _OWN_SITE:
            return response
        packed: Response = compress.after_request(response)
        return packed
