"""Pages of reviews, for the team, the reviewer and readers of the register."""

import json

from portal.ethics.questionnaires.need_views import UnmetGateNeeds
from portal.ethics.reviews import queries, views
from portal.ethics.reviews.models import Review, ReviewAnswer, ReviewState
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import project_file, reviews, risks
from tests.support.browser import words_of
from tests.support.reviews import typed

R = "/projects/heron/reviews"


def row_of(item, number=1):
    of = db.session.query(Review).filter_by(number=number).one()
    return db.session.query(ReviewAnswer).filter_by(review_id=of.id, item=item).one()


def test_a_section_keeps_what_was_touched_and_shows_both_texts_of_what_others_touched(
    project, member, carrier, browser, browser_for
):
    assert "Aucune revue n’est encore ouverte" in words_of(browser.visit(R).main)
    browser.submit(f"{R}/new", kind="framing")
    assert browser.visit(R).select(".compact td > .row-more")  # a review is two lines on a phone
    section = f"{R}/1/sections/stakes"
    page = browser.visit(section)
    seen = {tag["name"]: tag["value"] for tag in page.select("[name^=s_]")}
    other = browser_for(carrier)
    other.submit(section, **seen | {"a_aim": "Trier.", "a_role": "suggest"})
    assert (row_of("aim").value, row_of("aim").answered_by_id) == ("Trier.", carrier.id)
    kept = browser.submit(section, **seen | {"a_personal": "yes"})
    assert kept.select_one("[name=a_sensitive]")
    assert (row_of("aim").value, row_of("role").value) == ("Trier.", "suggest")
    both = browser.submit(section, expect=409, **seen | {"a_aim": "Lire.", "a_scale": "few"})
    assert both.select_one(".error-summary").find("a", href="#saved-aim")
    told = words_of(both.select_one("#saved-aim"))
    assert f"enregistrée entre-temps, par {carrier.name}." in told
    assert "Lire." in told
    assert "Trier." in told
    assert row_of("scale").value is None
    again = {tag["name"]: tag["value"] for tag in both.select("[name^=s_]")}
    browser.submit(section, **again | {"a_aim": "Lire.", "a_scale": "few"})
    assert (row_of("aim").value, row_of("scale").value) == ("Lire.", "few")


def test_a_conflict_with_ones_own_other_tab_says_so_and_with_an_unknown_author_names_nobody(
    project, member, browser
):
    reviews.opened(member, project)
    section = f"{R}/1/sections/stakes"
    seen = {tag["name"]: tag["value"] for tag in browser.visit(section).select("[name^=s_]")}
    typed_late = seen | {"a_aim": "Lire."}
    browser.submit(section, **seen | {"a_aim": "Trier."})
    told = words_of(browser.submit(section, expect=409, **typed_late).select_one("#saved-aim .fr-alert"))
    assert told.startswith("Vous avez enregistré une autre réponse entre-temps, dans un autre onglet.")
    row = row_of("aim")
    row.answered_by_id = row.answered_at = None
    db.session.commit()
    told = words_of(browser.submit(section, expect=409, **typed_late).select_one("#saved-aim .fr-alert"))
    assert told.startswith("Une autre réponse a été enregistrée entre-temps. La vôtre n’est pas enregistrée")


def test_one_answer_is_kept_on_its_own_and_what_it_makes_asked_appears(
    project, person, carrier, browser, browser_for
):
    member = make.actor(person)
    review = reviews.opened(member, project)
    of = queries.reload_review(review).definition
    item = of.item("personal")
    url, before = f"{R}/1/questions/personal", row_of("personal")
    htmx, stale = browser.with_htmx(), typed(item, before, "no")
    part = htmx.submit(url, **typed(item, before, "yes"))
    assert not part.select_one("#q-sensitive").has_attr("hidden")
    assert "1 sur" in words_of(part.select_one("#beside"))
    assert "Répondu par" in words_of(part.select_one("#saved-personal"))
    other = browser_for(carrier).with_htmx()
    both = other.submit(url, expect=409, **stale)
    texts = [words_of(one) for one in both.select(".two-texts .kept")]
    assert texts == ["Non", "Oui"]
    db.session.expire_all()
    part = htmx.submit(url, **typed(item, row_of("personal"), "no"))
    assert part.select_one("#q-sensitive").has_attr("hidden")
    wrong = htmx.submit(url, expect=422, **typed(item, row_of("personal"), "peut-être"))
    assert "fr-message--error" in str(wrong.select_one("#saved-personal"))
    page = browser.visit(url)
    assert [words_of(one).split(",")[0] for one in page.select("aside li")] == [person.name] * 2
    assert page.select_one("#files")
    assert page.select_one("#discussion")


def test_what_is_missing_is_named_with_the_way_there(project, member, carrier, browser_for):
    reviews.opened(member, project)
    page = browser_for(carrier).visit(f"{R}/1/submit")
    assert page.find("a", href=f"{R}/1/sections/stakes#q-aim")


def test_a_reviewer_reads_writes_opinions_and_signs(project, lead, judge, browser, browser_for):
    project_file.version(project)
    reviews.submitted(lead, project, judge)
    reader = browser_for(judge)
    waiting = reader.visit("/").find("a", href=f"{R}/1")
    assert waiting
    reader.submit(f"{R}/1/take")
    page = reader.visit(f"{R}/1/sections/R5")
    assert page.select_one("[name=reasons]")
    remark = page.find("a", href=f"{R}/1/questions/R5_1#discussion")  # who reviews joins no proof
    assert "preuve" not in words_of(remark)
    reopened = reader.visit(f"{R}/1?open=request_more").select_one("#act")
    assert "rouvrira la revue entière" in words_of(reopened)
    assert "que ce" not in words_of(reopened)
    typed_ = {"reasons": "Nommez-les.", "lacks": "y", "version": "0"}
    reader.submit(f"{R}/1/sections/R5/opinion", **typed_)
    assert "Nommez-les" not in words_of(browser.visit(f"{R}/1/sections/R5").main)
    following = reader.submit(f"{R}/1/sections/R6/opinion", reasons="", version="0", then="next")
    assert words_of(following.h1) == "Responsabilité"
    typed = {"reasons": "Autre avis.", "lacks": "y", "version": "0", "then": "next"}
    refused = reader.submit(f"{R}/1/sections/R5/opinion", **typed, expect=409)
    assert refused.select_one("[name=then]")["value"] == "next"  # sent again, it leads on
    reopened = reader.visit(f"{R}/1?open=request_more").select_one("#act")
    assert "ne rouvrira que ce que vous avez marqué" in words_of(reopened)
    assert "revue entière" not in words_of(reopened)
    reader.submit(f"{R}/1/more", because="Précisez R5.")
    asked = browser.visit(f"{R}/1")
    assert "Le relecteur demande des compléments" in words_of(asked.main)
    assert "le porteur peut la soumettre" not in words_of(asked.main)
    assert asked.find("a", href=f"{R}/1/sections/R5", string="Donner les compléments")
    page = browser.visit(f"{R}/1/sections/R5")
    assert "Nommez-les." in words_of(page.main)
    assert "Précisez R5." in words_of(page.main)
    assert page.main.find("a", href=f"{R}/1", string="Voir la revue et sa discussion")
    assert "Précisez R5." in words_of(browser.visit(f"{R}/1").main)
    assert "demande des compléments" in words_of(browser.visit("/").find("a", href=f"{R}/1").parent)
    closed = browser.visit(f"{R}/1/sections/R1")
    assert "joindre une preuve" in words_of(closed.find("a", href=f"{R}/1/questions/R1_1#files"))
    assert not closed.select("[name^=a_]")
    lead_ = browser_for(db.session.get_one(type(judge), lead.person_id))
    assert "puis vous soumettez à nouveau" in words_of(lead_.visit(f"{R}/1").main)
    lead_.submit(f"{R}/1/submit")
    reader.submit(f"{R}/1/take")
    risk = risks.risk(project, likelihood=4, severity=4)
    shown = words_of(reader.visit(f"{R}/1/decide").main)
    assert risk.what in shown
    assert "1 section n’a pas encore votre avis" in shown
    for section in ("R5", "R1"):
        reader.submit(f"{R}/1/sections/{section}/opinion", reasons=f"Avis {section}.", version="0")
    assert "pas encore votre avis" not in words_of(reader.visit(f"{R}/1/decide").main)
    reader.submit(f"{R}/1/conditions/new", what="Publier la règle.", due_on="2027-03-02")
    assert browser.open(f"{R}/conditions/1").status_code == 404
    refused = reader.submit(f"{R}/1/decide", expect=422, outcome="accepted", reasons="Oui.")
    assert "Des conditions sont écrites" in words_of(refused.main)
    reader.submit(f"{R}/1/decide", outcome="accepted_with_conditions", reasons="Utile et sobre.")
    page = browser.visit(f"{R}/1")
    assert "Utile et sobre." in words_of(page.main)
    assert "sur la version 1 du prototype" in words_of(page.main)
    signed = words_of(page.select_one(".decision"))
    assert judge.name in signed
    assert signed.index("Avis R1.") < signed.index("Avis R5.")
    assert "Publier la règle." in words_of(browser.visit(f"{R}/1/print").main)
    assert "Nommez-les." in words_of(browser.visit(f"{R}/1/rounds/1").main)
    assert browser.visit("/").find("a", href=f"{R}/conditions/1")
    assert "1 condition à remplir" in words_of(browser.visit("/projects/heron").main)


def test_the_register_tells_each_what_they_may_know(project, lead, judge, director, browser_for):
    reviews.submitted(lead, project, judge)
    reviews.opened(lead, project, "crpa")
    observer = browser_for(make.role(project.programme_id, Role.OBSERVER))
    slug = db.session.get_one(make.Programme, project.programme_id).slug
    register = f"/programmes/{slug}/reviews"
    told = observer.visit(register).main
    assert "Soumise" in words_of(told)
    assert "En cours de réponse" not in [words_of(one) for one in told.select("td .fr-badge")]
    assert judge.name not in words_of(told)
    assert not told.find("a", href=f"{R}/1")
    whole = browser_for(director).visit(register).main
    assert whole.find("a", href=f"{R}/1")
    assert whole.find("a", href=f"{R}/2")
    assert judge.name in words_of(whole)
    make.role(project.id, Role.COACH, judge)
    flagged = browser_for(director).visit(f"{register}?state=flagged").main
    assert "N’est plus indépendant" in words_of(flagged)
    assert not flagged.find("a", href=f"{R}/2")
    make.role(make.programme(name_fr="AMI IA 2019").id, Role.PROGRAMME_LEAD, director)
    waiting = browser_for(director).visit("/to-decide").select_one('[id^="reviews-"]')
    assert waiting.find("a", href=f"{R}/1")
    assert "n’est plus indépendant" in words_of(waiting)
    page = browser_for(director).visit(f"{R}/1")
    assert "a perdu son relecteur indépendant" in words_of(page.main)


def test_answers_leave_and_come_back_as_json(project, member, browser):
    reviews.answered(member, project, reviews.opened(member, project))
    sent = browser.open(f"{R}/1/answers.json", method="POST")
    answers = json.loads(sent.text)
    assert answers["exposure"] == "agents"
    answers["aim"] = "Autre chose."
    browser.submit(f"{R}/1/import", answers=json.dumps(answers))
    assert row_of("aim").value == "Autre chose."
    for wrong in ("[1", ""):
        browser.submit(f"{R}/1/import", expect=422, answers=wrong)
    for content, status in (('{"aim": "D’un fichier."}'.encode(), 303), (b"\xff", 422)):
        assert send_file(browser, f"{R}/1/import", content).status_code == status
    assert row_of("aim").value == "D’un fichier."
    taken = db.session.query(AuditEvent).filter_by(action="review.answers_exported").one()
    assert taken.actor_id == member.person_id


def test_keys_of_imported_answers_are_cleaned_as_typed_text_is(project, member, browser):
    """Tools write keys with byte-order marks, zero-width spaces or blanks around."""
    reviews.opened(member, project)
    page = browser.submit(
        f"{R}/1/import", answers=json.dumps({"\u200baim ": " Trier.\u200b", "\ufeffscale": "few"})
    )
    assert (row_of("aim").value, row_of("scale").value) == ("Trier.", "few")
    assert "2 réponses changées." in words_of(page)
    assert "Laissées de côté" not in words_of(page)


def send_file(browser, path, content):
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
    kind = "multipart/form-data; boundary=edge"
    body = head + content + b"\r\n--edge--\r\n"
    return browser.open(path, method="POST", data=body, content_type=kind)


def test_a_draft_moves_to_a_newer_edition_after_a_look_at_what_becomes_of_its_answers(
    project, member, browser
):
    reviews.answered(member, project, reviews.opened(member, project))
    reviews.newer("framing", ("key: R7_2,", "key: R7_9,"))
    assert browser.visit(f"{R}/1").find("a", href=f"{R}/1/edition")
    assert "Sait-on qui recevra" in words_of(browser.visit(f"{R}/1/edition").main)
    browser.submit(f"{R}/1/edition", version="1")
    held = queries.get_review_with_answers(member, project, 1)
    assert (held.definition.edition, len(held.missing)) == (2, 1)
    assert held.answers["aim"] == "Dit."
    assert held.review.state is ReviewState.DRAFT
    assert browser.visit(f"{R}/1/questions/R7_2")


def test_who_is_named_for_the_project_is_told_until_one_takes_the_review(project, lead, judge, browser):
    reviews.submitted(lead, project)
    for path in (R, f"{R}/1"):
        assert f"{judge.name}, pas encore prise" in words_of(browser.visit(path).main), path
    assert f"{judge.name} la prend en relecture." in words_of(browser.visit(f"{R}/1").main)


def test_a_question_that_mentions_the_matrix_of_explanations_links_it(project, lead, browser):
    reviews.opened(lead, project, "framing")
    link = browser.visit(f"{R}/1/sections/R4").find("a", href=f"{R}/new?kind=explanations")
    assert link
    assert browser.visit(link["href"]).select_one("[value=explanations]").has_attr("checked")


def test_a_review_that_the_next_gate_asks_for_is_offered(project, browser, monkeypatch):
    needs = UnmetGateNeeds("G3", "/projects/heron/gates/3", (), ("framing",))
    monkeypatch.setattr(views, "read_next_gate_needs", lambda _project: needs)
    page = browser.visit(R)
    assert page.find("a", href="/projects/heron/gates/3")
    assert page.find("a", href=f"{R}/new?kind=framing", string="L’ouvrir")


def test_a_reason_says_that_the_answer_counts_with_it_alone(project, person, browser):
    reviews.opened(make.actor(person), project)
    page = browser.visit(f"{R}/1/sections/R1")
    note = page.select_one("textarea[name^=a_R1_1]")
    assert words_of(page.find("label", attrs={"for": note["id"]})).startswith(
        "Pourquoi (sans lui, la réponse ne compte pas)"
    )


def test_a_duty_leads_to_where_it_is_done_and_is_ticked_once_it_is(project, person, lead, judge, browser):
    reviews.answered(lead, project, reviews.opened(lead, project))
    duty = browser.visit(f"{R}/1").find("a", string="Chercher la classe du règlement européen sur l’IA")
    assert duty["href"] == "/projects/heron/reviews/new?kind=ai_act"
    assert "Fait" not in words_of(duty.parent)
    reviews.decide(judge, project, reviews.taken(lead, project, judge, kind="ai_act"))
    duty = browser.visit(f"{R}/1").find("a", string="Chercher la classe du règlement européen sur l’IA")
    assert duty["href"] == f"{R}/2"
    assert "Fait" in words_of(duty.parent)
