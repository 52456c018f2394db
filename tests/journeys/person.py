"""A person in front of a browser window, with a count of interactions."""

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys import look
from tests.journeys.watch import Watch
from tests.journeys.windows import Kind
from tests.support.live import Portal

DEMO_PASSWORD = "demonstration-ami-ia"
DRAWN: dict[int, set[str]] = {}  # the looks that were checked, by width in px


class Visitor:
    """A window of a person. Every `click` and `fill` counts as an interaction."""

    def __init__(self, page: Page, watch: Watch, portal: Portal, kind: Kind) -> None:
        self.page = page
        self.kind = kind
        self.watch = watch
        self.url = portal.url
        self.acts = 0
        self._portal = portal

    @property
    def script(self) -> bool:
        return self.kind.script

    def go(self, path: str, expected: int = 200) -> None:
        """Open a path by the address bar."""
        if expected >= 400:
            self.watch.expect(expected)
        response = self.page.goto(self.url + path)
        assert response is not None
        assert response.status == expected, f"{response.status} on {path}"

    def click(self, what: Locator) -> None:
        self.acts += 1
        what.click()
        if self.script:  # what it asked for has come, and is on the page
            expect(self.page.locator(".htmx-request")).to_have_count(0)

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        self.acts += 1
        (within or self.page.locator("#content")).get_by_label(label).first.fill(text)

    def choose(self, label: str) -> None:
        """Click a radio button or checkbox by its label."""
        self.acts += 1
        self.page.locator("#content label", has_text=label).first.click()

    def press(self, name: str, within: Locator | None = None) -> None:
        self.click((within or self.page.locator("#content")).get_by_role("button", name=name))

    def follow(self, name: str, within: Locator | None = None) -> None:
        self.click((within or self.page.locator("#content")).get_by_role("link", name=name).first)

    def navigate(self, name: str) -> None:
        """Follow a link of the main navigation, which is in the menu on a phone."""
        self._open_menu()
        self.click(self.page.locator("#navigation").get_by_role("link", name=name, exact=True))

    def add(self, name: str) -> None:
        """Follow a link of the header's menu "Ajouter", which is in the menu on a phone."""
        self._open_menu()
        adding = self.page.locator(".tools summary", has_text="Ajouter")
        if adding.is_visible():
            self.click(adding)
        links = self.page.locator("#header").get_by_role("link", name=name, exact=True)
        self.click(links.locator("visible=true"))

    def sign_in(self, email: str, password: str = DEMO_PASSWORD, path: str = "/sign-in") -> None:
        self.go(path)
        self.fill("Adresse électronique", email)
        self.fill("Mot de passe", password)
        self.press("Se connecter")
        # On a phone nothing else distinguishes the old page from the new one.
        self.page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/sign-in"))

    def enter(self, email: str, path: str = "/") -> None:
        """Open a path signed in by a cookie; the sign-in itself has tests of its own."""
        name, value = self._portal.session_of(email)
        self.page.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        self.go(path)

    def switch(self, name: str) -> None:
        """Click a button of the person's menu, which is in the menu on a phone."""
        self._open_menu()
        account = self.page.locator(".tools details").last
        if account.is_visible():
            self.click(account.locator("summary"))
        self.click(self.page.get_by_role("button", name=name).locator("visible=true"))

    def _open_menu(self) -> None:
        """Open the menu on a phone, once the scripts handle the button; without them by its link."""
        self.page.wait_for_load_state()
        opener = self.page.locator("#menu-button" if self.script else "#header a[href='#menu']")
        if opener.is_visible():
            self.click(opener)

    def finds_no_fault(self) -> None:
        """Check the page with axe, in windows with scripts; new looks are checked at this width."""
        if self.script:
            found = look.faults(self.page, without=look.DRAWN)
            width = self.page.evaluate("() => innerWidth")
            if new := look.new_looks(self.page, DRAWN.setdefault(width, set())):
                found += look.faults(self.page, new, only=look.DRAWN)
            assert not found, "\n".join(found)

    def sees(self, text: str) -> None:
        expect(self.page.locator("#content")).to_contain_text(text)
