"""What a machine can see of a page: axe's rules, sideways scrolling, targets for a finger."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
NARROW = {"width": 320, "height": 740}
WIDE = {"width": 1280, "height": 900}
FINGER = 44  # px, the least height of a target

# Rules that look at how a page is drawn; the others read the same document in every scheme.
DRAWN = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")

# `preload` would fetch the stylesheets again, for rules that need none.
RUN_AXE = """async ({ within, only, without }) => {
  const options = { preload: false, resultTypes: ["violations"] };
  if (only) options.runOnly = { type: "rule", values: only };
  options.rules = Object.fromEntries((without || []).map((rule) => [rule, { enabled: false }]));
  const found = await axe.run(within, options);
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")} ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
DARKEN = """() => { document.documentElement.dataset.frTheme = "dark"; }"""
FOLLOWED = "(scheme) => document.documentElement.dataset.frTheme === scheme"
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > room + 1)
    .slice(-3).map((one) => `sideways: ${one.outerHTML.slice(0, 120)}`);
}"""
SMALL_TARGETS = """(least) => [...document.querySelectorAll(".fr-btn, button.fr-tag")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => one.getBoundingClientRect().height > 0)
  .filter((one) => one.getBoundingClientRect().height < least - 0.5)
  .map((one) => `${one.getBoundingClientRect().height} px high: ${one.outerHTML.slice(0, 120)}`)"""


def faults(page: Page, within: str = "html", **rules: Sequence[str]) -> list[str]:
    """What axe finds on the page as it is shown; by all rules, `only` some or `without` some."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, {"within": within, **rules})
    return found


def faults_when_narrow(page: Page) -> list[str]:
    """What does not fit a phone. Leaves the page narrow."""
    page.set_viewport_size(NARROW)
    return _faults_of_size(page)


def _faults_of_size(page: Page) -> list[str]:
    return [*page.evaluate(SIDEWAYS), *page.evaluate(SMALL_TARGETS, FINGER)]


class Onlooker:
    """Looks at one page after the other, each wide and narrow, light and dark.

    A page is first looked at as wide as the last one was left, then at the other width and in the
    dark. How things are drawn around the content is looked at once: it is the same on every page.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._narrow = False
        self._looked_around = False

    def faults(self, *, drawn: bool = True) -> list[str]:
        """What does not hold of the page that is shown; `drawn`: with what depends on how it is
        drawn, which need not be looked at where all of it was seen before."""
        found = faults(self._page, without=DRAWN)
        found += self._drawn() if drawn else self._sizes()
        self._narrow = not self._narrow
        self._page.set_viewport_size(NARROW if self._narrow else WIDE)
        if drawn:
            self._page.evaluate(DARKEN)
            found += [f"dark: {fault}" for fault in self._drawn()]
            self._looked_around = True
            return found
        return [*found, *self._sizes()]

    def _drawn(self) -> list[str]:
        within = "main" if self._looked_around else "html"
        found = faults(self._page, within, only=DRAWN)
        return [*found, *self._sizes()]

    def _sizes(self) -> list[str]:
        return _faults_of_size(self._page) if self._narrow else []


def darken(page: Page) -> None:
    """As on a device that is set to dark."""
    _follow(page, "dark")


def lighten(page: Page) -> None:
    _follow(page, "light")


def _follow(page: Page, scheme: Literal["dark", "light"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(FOLLOWED, arg=scheme)  # at the next frame; `expect` looks again later


def theme_on_paper(page: Page) -> tuple[str, str]:
    """While a page is printed, and after."""
    told: list[str] = page.evaluate(
        """() => ["beforeprint", "afterprint"].map((moment) => {
            window.dispatchEvent(new Event(moment));
            return document.documentElement.dataset.frTheme;
        })"""
    )
    return told[0], told[1]
