import pytest

from portal.people.accounts import device_rules
from portal.people.accounts.models import DEVICE_MAX

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("said", "browser", "system"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
            "Firefox",
            "Windows",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome", "Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/141.0", "Edge", "Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36 OPR/120.0", "Opera", "Linux"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "Chrome", "ChromeOS"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X) {WEBKIT} Version/18.6 Safari/605.1.15", "Safari", "macOS"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {WEBKIT} Version/18.6 "
            "Mobile/15E148 Safari/604.1",
            "Safari",
            "iPhone",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {WEBKIT} CriOS/141.0 Mobile/15E148 Safari/604.1",
            "Chrome",
            "iPad",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-S921B) {CHROME} SamsungBrowser/28.0 Mobile Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "Firefox", "Android"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_a_browser_is_known_by_its_family(said, browser, system):
    assert device_rules.parse_user_agent(said) == device_rules.Device(browser, system)


def test_a_name_fits_its_column_and_an_endless_one_is_cut():
    names = [name for name, _ in device_rules.BROWSERS + device_rules.SYSTEMS]
    assert max(map(len, names)) <= DEVICE_MAX
    assert device_rules.parse_user_agent("Version/" + "x" * 100_000 + " Safari/") == device_rules.Device()
