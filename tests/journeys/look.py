"""Automated visual checks: axe's rules, horizontal scrolling, size of touch targets.

How an element is drawn depends on its kind and its ancestors: that is its look, and each look is
checked on the first page that has it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
NARROW = {"width": 320, "height": 740}
WIDE = {"width": 1280, "height": 900}
FINGER = 44  # px, the minimum height of a touch target

# Rules that look at how a page is drawn; the others read the same document in every scheme.
DRAWN = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")

AROUND = 3  # ancestors that are part of a look
LOOKS = """(around) => {
  const looks = {};
  document.querySelectorAll("*").forEach((one, number) => {
    const chain = [];
    for (let up = one; up && chain.length <= around; up = up.parentElement) {
      chain.push([up.localName, ...up.classList].join(" "));
    }
    (looks[chain.join(" < ")] ??= []).push(number);
  });
  return looks;
}"""

# `preload` would fetch the stylesheets again, for rules that need none. Of several elements, given
# by their numbers, those are left out that stand in one of them and are not of them.
# What sticks to the edge of a window covers whatever happens to be below it, and uncovers it when the
# page is scrolled: it is looked at where it stands in the page.
RUN_AXE = """async ({ within, only, without }) => {
  if (Array.isArray(within)) {
    const all = [...document.querySelectorAll("*")];
    const chosen = new Set(within.map((number) => all[number]));
    const inside = (one) => chosen.has(one.parentElement);
    within = {
      include: all.filter((one) => chosen.has(one) && !inside(one)),
      exclude: all.filter((one) => !chosen.has(one) && inside(one)),
    };
  }
  const options = { preload: false, resultTypes: ["violations"] };
  if (only) options.runOnly = { type: "rule", values: only };
  options.rules = Object.fromEntries((without || []).map((rule) => [rule, { enabled: false }]));
  const unstuck = new CSSStyleSheet();
  unstuck.replaceSync(".thumb, .sticky, .with-button--stays { position: static !important; }");
  document.adoptedStyleSheets.push(unstuck);
  const found = await axe.run(within, options).finally(() => document.adoptedStyleSheets.pop());
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

# In the place of the page that is there: its sheets and scripts stay, and so does what the browser
# made quick of axe, which it does anew for each page that is loaded.
SHOW = """async (text) => {
  const next = new DOMParser().parseFromString(text, "text/html");
  const sheets = ({ head }) => [...head.querySelectorAll("link[rel=stylesheet]")];
  const scripts = ({ head }) => [...head.querySelectorAll("script[src]")];
  const address = (one) => one.src || one.href;
  const load = (what) => {
    const here = new Set(what(document).map(address));
    return Promise.all(what(next).filter((one) => !here.has(address(one))).map((one) => {
      const made = document.createElement(one.localName);
      for (const { name, value } of one.attributes) made.setAttribute(name, value);
      document.head.append(made);
      return new Promise((done, fail) => { made.onload = done; made.onerror = fail; });
    }));
  };
  await load(sheets);
  const coming = new Set(sheets(next).map(address));
  sheets(document).filter((one) => !coming.has(address(one))).forEach((one) => one.remove());
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.documentElement.dataset.frTheme = "light";
  document.body.replaceWith(document.adoptNode(next.body));
  await load(scripts);
  scrollTo(0, 0);
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();  // the design system has seen what is new
}"""


def faults(page: Page, within: str | Sequence[int] = "html", **rules: Sequence[str]) -> list[str]:
    """Return the violations that axe finds, by all rules, `only` some or `without` some.

    `within` is a selector, or the indexes of elements in document order.
    """
    page.wait_for_load_state()  # a page that is being left has no document
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, {"within": within, **rules})
    return found


def faults_when_narrow(page: Page) -> list[str]:
    """Return what does not fit a phone. Leaves the page narrow."""
    page.set_viewport_size(NARROW)
    return _faults_of_size(page)


def _faults_of_size(page: Page) -> list[str]:
    return [*page.evaluate(SIDEWAYS), *page.evaluate(SMALL_TARGETS, FINGER)]


def new_looks(page: Page, seen: set[str]) -> list[int]:
    """Return the indexes of elements with a new look, and add their looks to `seen`."""
    looks: dict[str, list[int]] = page.evaluate(LOOKS, AROUND)
    new = [number for look, numbers in looks.items() if look not in seen for number in numbers]
    seen.update(looks)
    return new


class Onlooker:
    """Checks pages at both widths, and new looks in the light and dark schemes.

    A page is first checked at the width of the last one, then at the other width and in the dark.
    `seen` are the looks that were checked before, extended by each page.
    """

    def __init__(self, page: Page, seen: set[str] | None = None) -> None:
        self._page = page
        self._seen = set() if seen is None else seen
        self._narrow = False

    def faults_of(self, text: str) -> list[str]:
        """Load the HTML of a page for the same person and return its faults."""
        self._page.evaluate(SHOW, text)
        return self.faults()

    def faults(self) -> list[str]:
        """Return the faults of the current page."""
        found = faults(self._page, without=DRAWN)
        new = new_looks(self._page, self._seen)
        found += self._drawn(new)
        self._narrow = not self._narrow
        self._page.set_viewport_size(NARROW if self._narrow else WIDE)
        if new:
            self._page.evaluate(DARKEN)
        return [*found, *(f"then: {fault}" for fault in self._drawn(new))]

    def _drawn(self, new: Sequence[int]) -> list[str]:
        found = faults(self._page, new, only=DRAWN) if new else []
        return [*found, *(_faults_of_size(self._page) if self._narrow else [])]


def darken(page: Page) -> None:
    """Switch to the dark scheme, as a device setting does."""
    _follow(page, "dark")


def lighten(page: Page) -> None:
    _follow(page, "light")


def _follow(page: Page, scheme: Literal["dark", "light"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(FOLLOWED, arg=scheme)  # at the next frame; `expect` looks again later


def theme_on_paper(page: Page) -> tuple[str, str]:
    """Return the theme while a page is printed, and after."""
    told: list[str] = page.evaluate(
        """() => ["beforeprint", "afterprint"].map((moment) => {
            window.dispatchEvent(new Event(moment));
            return document.documentElement.dataset.frTheme;
        })"""
    )
    return told[0], told[1]
