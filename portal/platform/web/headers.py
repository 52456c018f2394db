"""Security and cache headers of every response."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from portal.platform.kernel.settings import Settings
from portal.platform.web.api_problems import is_api_request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def init_app(app: Flask, settings: Settings) -> None:
    headers = dict(HEADERS)
    if settings.proconnect:  # the form that starts a sign-in there is redirected to it
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(settings.proconnect.url))
        policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")
        headers["Content-Security-Policy"] = policy

    @app.after_request
    def protect(response: Response) -> Response:
        own_headers = {name.lower() for name, _value in response.headers}
        for name, value in headers.items():
            if name.lower() not in own_headers:  # a response may set a stricter value
                response.headers.add(name, value)
        if settings.is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            if response.headers.get("Cache-Control") in (None, "no-cache"):  # as Flask's send_file leaves it
                response.headers["Cache-Control"] = "no-store"
            if not is_api_request():  # where no cookie counts
                response.vary.add("Cookie")
        return response
