"""Contents of letters: each kind in both languages, with every fact it names."""

from pathlib import Path

import pytest

from portal.platform.kernel.text import using_language

MAIL = Path(__file__).parents[3] / "templates" / "platform/mail/letters"
ID = "01a20f9c-0000-7000-8000-000000000001"
FACTS: dict[str, dict[str, object]] = {
    "password-reset": {"id": ID, "name": "Ada"},
    "password-changed": {"name": "Ada", "ways": "yes"},
    "address-old": {"id": ID, "name": "Ada", "email": "new@demo.example"},
    "address-new": {"id": ID},
    "address-taken": {"name": "Ada", "contact": "contact@demo.example"},
    "account-unused": {"name": "Ada", "days": "30"},
    "mail-test": {"name": "Ada"},
    "address-changed": {"name": "Ada", "email": "new@demo.example"},
    "second-factor": {"name": "Ada", "change": "removed", "at": "2026-11-28T10:00:00+00:00"},
    "factor-reset": {
        "name": "Ada",
        "change": "asked",
        "by": "Camille Roux",
        "at": "2026-11-28T10:00:00+00:00",
    },
    "erasure-asked": {"name": "Ada", "by": "Camille Roux", "contact": "contact@demo.example"},
    "erasure-done": {},
    "proconnect-link": {"name": "Ada", "change": "linked", "at": "2026-11-28T10:00:00+00:00"},
    "code-failures": {"name": "Ada", "at": "2026-11-28T10:00:00+00:00"},
    "sign-in-failures": {"name": "Ada", "at": "2026-11-28T10:00:00+00:00"},
}
LINKS = {
    "password-reset": ["passwords.open_link password-reset"],
    "password-changed": ["accounts.profile", "passwords.forgotten"],
    "address-old": ["addresses.open_link address-old", "addresses.open_link address-refusal"],
    "address-new": ["addresses.open_link address-new"],
    "address-taken": ["home.index"],
    "account-unused": ["accounts.sign_in"],
    "mail-test": [],
    "address-changed": [],
    "second-factor": ["passwords.forgotten"],
    "factor-reset": [],
    "erasure-asked": ["privacy.index"],
    "erasure-done": [],
    "proconnect-link": ["proconnect_links.page"],
    "code-failures": ["passwords.forgotten"],
    "sign-in-failures": ["second_factor.page"],
}


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.parametrize("suffix", ["txt", "html"])
@pytest.mark.parametrize("kind", FACTS)
def test_a_letter_reads_in_both_languages_and_leads_where_it_says(app, kind, suffix):
    known = {
        "facts": FACTS[kind],
        "sealed_url": lambda endpoint, purpose, _id: f"<<{endpoint} {purpose}>>",
        "page_url": lambda endpoint: f"<<{endpoint}>>",
    }
    template = app.jinja_env.get_template(f"platform/mail/letters/{kind}.{suffix}")
    said = set()
    for locale in ("fr", "en"):
        with app.test_request_context(), using_language(locale):
            text = "".join(template.blocks["body"](template.new_context(known)))
        for fact in ("name", "email", "contact"):
            assert str(FACTS[kind].get(fact, "")) in text
        for link in LINKS[kind]:
            endpoint = link.split()[0]
            assert endpoint in app.view_functions
            assert link in text
        said.add(text)
    assert len(said) == 2


def test_every_letter_has_both_its_forms():
    for kind in FACTS:
        for suffix in ("txt", "html"):
            assert (MAIL / f"{kind}.{suffix}").exists()
