"""Contexts of a browser that serve one window after the other.

What a page needs is read once by each (styles, scripts): half a second less for every window.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext

from tests.journeys import look
from tests.journeys.person import Visitor
from tests.journeys.watch import Watch

PATIENCE = 10_000  # ms


@dataclass
class Contexts:
    """Those of a browser; whoever takes one finds no cookie, no draft and no complaint in it."""

    browser: Browser
    idle: list[tuple[BrowserContext, Watch, bool]] = field(default_factory=list)

    def open(self, url: str, width: int, *, script: bool) -> Visitor:
        """A window of somebody's own."""
        free = next((one for one in self.idle if one[2] is script), None)
        if free is None:
            context = self._make(script=script)
            watch = Watch(context)
        else:
            self.idle.remove(free)
            context, watch = free[:2]
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": look.WIDE["height"]})
        return Visitor(page, watch, url, script=script)

    def close(self, visitor: Visitor) -> None:
        context = visitor.page.context
        context.set_offline(False)
        context.unroute_all()
        if visitor.script:
            told = {"origin": visitor.url, "storageTypes": "local_storage"}
            page = context.new_page()
            context.new_cdp_session(page).send("Storage.clearDataForOrigin", told)
        for page in context.pages:
            page.close()
        context.clear_cookies()
        visitor.watch.forget()
        self.idle.append((context, visitor.watch, visitor.script))

    def _make(self, *, script: bool) -> BrowserContext:
        context = self.browser.new_context(
            java_script_enabled=script, locale="fr-FR", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        return context
