"""Two people answer one question: both texts, and a choice between them."""

from portal.ethics.reviews import queries
from portal.platform.kernel.database import db
from tests.ethics.reviews.test_views import R, row_of
from tests.support import factories as make
from tests.support import reviews
from tests.support.browser import words_of
from tests.support.reviews import typed


def test_an_empty_reason_takes_that_of_the_same_answer_never_that_of_another(
    project, person, carrier, browser, browser_for
):
    review = reviews.opened(make.actor(person), project)
    item = queries.reload_review(review).definition.item("R1_1")
    url, note, seen = f"{R}/1/questions/{item.key}", f"a_{item.note_key}", row_of(item.key)
    same, stale = typed(item, seen, "yes"), typed(item, seen, "no")
    browser.submit(url, **same | {note: "Écrit par A."})
    for other in (browser_for(carrier), browser_for(carrier).with_htmx()):
        both = other.submit(url, expect=409, **stale | {note: ""})
        told = words_of(both.select_one(f"#saved-{item.key}"))
        assert "Écrit par A." in told
        assert "le formulaire reprend" not in told
        assert not both.select(f"[name={note}]") or not both.select_one(f"[name={note}]").text.strip()
        both = other.submit(url, expect=409, **same | {note: ""})
        assert both.select_one(f"[name={note}]").text.strip() == "Écrit par A."
        assert "le formulaire reprend le texte enregistré" in words_of(both.select_one(f"#saved-{item.key}"))
    assert both.select_one(f"#fields-{item.key}")["hx-swap-oob"] == "outerMorph"
    again = {tag["name"]: tag["value"] for tag in both.select("[name^=s_]")}
    sent = {note: both.select_one(f"[name={note}]").text.strip()}
    other.submit(url, **again | sent | {f"a_{item.key}": "yes"})
    assert (row_of(item.key).value, row_of(item.key).note) == ("yes", "Écrit par A.")


def test_the_box_of_a_conflict_chooses_an_answer_with_its_reason(
    project, person, carrier, browser, browser_for
):
    review = reviews.opened(make.actor(person), project)
    item = queries.reload_review(review).definition.item("R1_1")
    url, note, seen = f"{R}/1/questions/{item.key}", f"a_{item.note_key}", row_of(item.key)
    stale = typed(item, seen, "no") | {note: "Écrit par B."}
    browser.submit(url, **typed(item, seen, "yes") | {note: "Écrit par A."})
    plain, htmx = browser_for(carrier), browser_for(carrier).with_htmx()
    both = htmx.submit(url, expect=409, **stale)
    buttons = both.select(f"#saved-{item.key} button")
    assert [words_of(button) for button in buttons] == ["Garder la réponse enregistrée", "Garder la mienne"]
    assert [button["hx-post"] for button in buttons] == [url, url]
    again = {tag["name"]: tag["value"] for tag in both.select("[name^=s_]")}
    mine = stale | again | {"mine": buttons[1]["value"]}
    assert buttons[1]["name"] == "mine"
    chosen = htmx.submit(url, **stale | again, stored=item.key)
    assert chosen.select_one(f"#fields-{item.key}")["hx-swap-oob"] == "outerHTML"
    assert chosen.select_one(f"[name={note}]").text.strip() == "Écrit par A."
    assert "Écrit par A." in words_of(plain.submit(url, **stale | again, stored=item.key).main)
    assert (row_of(item.key).value, row_of(item.key).note) == ("yes", "Écrit par A.")
    plain.submit(url, **mine)  # as “Garder la mienne” does
    db.session.expire_all()
    assert (row_of(item.key).value, row_of(item.key).note) == ("no", "Écrit par B.")


def test_after_a_conflict_no_automatic_save_replaces_the_answer_of_somebody_else(
    project, person, carrier, browser, browser_for
):
    review = reviews.opened(make.actor(person), project)
    item = queries.reload_review(review).definition.item("R1_1")
    url, note, seen = f"{R}/1/questions/{item.key}", f"a_{item.note_key}", row_of(item.key)
    whole = f"{R}/1/sections/{queries.reload_review(review).definition.section_of(item).key}"
    stale = typed(item, seen, "no") | {note: ""}
    browser.submit(url, **typed(item, seen, "yes") | {note: "Écrit par A."})
    plain, htmx = browser_for(carrier), browser_for(carrier).with_htmx()
    refused = [htmx.submit(url, expect=409, **stale), plain.submit(whole, expect=409, **stale)]
    for page in refused:
        shown = {tag["name"]: tag["value"] for tag in page.select("[name^=s_]")}
        for words in ("Écrit par B.", "Écrit par B, mieux."):  # leaves the field twice
            both = htmx.submit(url, expect=409, **stale | shown | {note: words})
            told = words_of(both.select_one(f"#saved-{item.key}"))
            assert "Écrit par A." in told
            assert words in told
            shown = {tag["name"]: tag["value"] for tag in both.select("[name^=s_]")}
        assert (row_of(item.key).value, row_of(item.key).note) == ("yes", "Écrit par A.")
    plain.submit(whole, expect=409, **stale | shown | {note: words})  # not compared on that page yet
    shown = {tag["name"]: tag["value"] for tag in refused[1].select("[name^=s_]")}
    plain.submit(whole, **stale | shown | {note: words})  # the page says that this keeps one's own
    db.session.expire_all()
    assert (row_of(item.key).value, row_of(item.key).note) == ("no", "Écrit par B, mieux.")
