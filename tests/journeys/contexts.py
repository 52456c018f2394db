"""A pool of browser contexts, reused from test to test.

Reuse keeps styles and scripts in the cache, which saves a second per window.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import look
from tests.journeys.person import Visitor
from tests.journeys.watch import Watch
from tests.journeys.windows import Kind
from tests.support.live import Portal

PATIENCE = 10_000  # ms


@dataclass
class Contexts:
    """The contexts of a browser; each is cleared of cookies, drafts and errors before reuse."""

    browser: Browser
    idle: list[tuple[Page, Watch, Kind]] = field(default_factory=list)

    def open(self, portal: Portal, width: int, kind: Kind) -> Visitor:
        """Open a window for a person."""
        free = next((one for one in self.idle if one[2] == kind), None)
        if free is None:
            context = self._make(kind)
            watch = Watch(context)
            page = context.new_page()
        else:
            self.idle.remove(free)
            page, watch = free[:2]
        page.set_viewport_size({"width": width, "height": look.WIDE["height"]})
        return Visitor(page, watch, portal, kind)

    def close(self, visitor: Visitor) -> None:
        context = visitor.page.context
        context.set_offline(False)
        context.unroute_all()
        page = context.new_page() if visitor.page.is_closed() else visitor.page
        page.unroute_all()
        for other in context.pages:
            if other is not page:
                other.close()
        page.emulate_media(color_scheme="null", reduced_motion="reduce")
        # Nothing there keeps what was typed; another site would have another process begin.
        page.goto(visitor.url + "/health/live")
        if visitor.script:
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        context.clear_cookies()
        visitor.watch.forget()
        self.idle.append((page, visitor.watch, visitor.kind))

    def _make(self, kind: Kind) -> BrowserContext:
        context = self.browser.new_context(
            java_script_enabled=kind.script, locale="fr-FR", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        if kind.looked_at:
            context.add_init_script(look.AXE)
        return context
