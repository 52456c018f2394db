"""Contexts of a browser that serve one window after the other, each with its page.

What a page needs is read once by each (styles, scripts): a second less for every window.
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
    """Those of a browser; whoever takes one finds no cookie, no draft and no complaint in it."""

    browser: Browser
    idle: list[tuple[Page, Watch, Kind]] = field(default_factory=list)

    def open(self, portal: Portal, width: int, kind: Kind) -> Visitor:
        """A window of somebody's own."""
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
