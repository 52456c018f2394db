"""Collect errors of a browser window, which fail the test."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Told to the console, where every complaint is collected.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
REFUSED = "Failed to load resource: the server responded with a status of"
COMPLAINTS = {"error", "warning"}
NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


class Watch:
    """Errors of a context's pages; a test announces the error statuses it provokes."""

    def __init__(self, context: BrowserContext) -> None:
        self.expected: set[int] = set()
        self.complaints: list[str] = []
        self._provoked: set[str] = set()
        self._context = context
        context.add_init_script(TELL_VIOLATIONS)
        context.on("page", self._follow)

    def expect(self, *statuses: int) -> None:
        self.expected |= set(statuses)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Run the block offline and ignore the resulting errors."""
        self._context.set_offline(True)
        yield
        self._context.set_offline(False)
        self.complaints = [one for one in self.complaints if NO_NETWORK not in one]

    def forget(self) -> None:
        """Clear the errors for the next window."""
        for messages in (self.expected, self.complaints, self._provoked):
            messages.clear()

    def _follow(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", self._note_failure)
        page.on("response", self._note_status)

    def _note_status(self, response: Response) -> None:
        if response.status in self.expected:
            self._provoked.add(response.url)
        elif response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def _note_failure(self, request: Request) -> None:
        # Aborted: the person left the page before the response.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _hear(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        provoked = message.text.startswith(REFUSED) and url in self._provoked
        if message.type in COMPLAINTS and not provoked:
            self.complaints.append(f"{message.type}: {message.text} ({url})")
