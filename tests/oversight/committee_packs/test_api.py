"""Packs by the API: their pages are read; no token has one made, or takes its file."""

import re
from datetime import timedelta

from portal.oversight.committee_packs.committee_section_labels import list_pack_links
from portal.oversight.committee_packs.models import SUMMARY, PackPage
from portal.oversight.committee_packs.programme_state_documents import AREA
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.pdf.report_parts import make_part
from portal.project.projects.queries import get_programme_of
from tests.support import api, packs
from tests.support import factories as make
from tests.support.browser import words_of


def test_pages_are_read_and_files_ask_for_a_proof(app):
    project = make.project(slug="heron")
    programme = get_programme_of(project)
    director = make.role(programme.id, Role.PROGRAMME_LEAD)
    pack = packs.made(programme, director, project)
    client, path = api.client(app, director), f"/programmes/{programme.slug}/committee-packs"
    (listed,) = client.get(path).get_json()["data"]
    assert listed == client.get(f"{path}/{pack.id}").get_json()
    assert (listed["stage"], listed["fingerprint"]) == ("done", "0" * 64)
    first = client.get(f"{path}/{pack.id}/pages?limit=1").get_json()
    second = client.get(f"{path}/{pack.id}/pages?limit=1&cursor={first['next_cursor']}").get_json()
    assert [page["data"][0]["project"] for page in (first, second)] == [None, "heron"]
    assert second["next_cursor"] is None
    asked = client.post(path, {"on": clock.today().isoformat(), "language": "fr"})
    taken = client.get(f"{path}/{pack.id}/content")
    summary = db.session.query(PackPage).filter_by(pack_id=pack.id, position=SUMMARY).one()
    parts = [make_part("Lire") if not area else {**make_part("De"), AREA: area} for area in ("funding", "")]
    summary.content = {**summary.content, "parts": parts}
    db.session.commit()
    for areas, count in (((), 2), (("oversight", "funding"), 2), (("oversight",), 1)):
        own = api.client(app, director, areas=areas).get(f"{path}/{pack.id}/pages?limit=1").get_json()
        assert len(own["data"][0]["content"]["parts"]) == count
    assert [answer.get_json()["code"] for answer in (asked, taken)] == ["proof_required"] * 2


def test_kept_packs_are_told_apart_by_their_hour_and_fold_their_print(app, browser_for):
    programme = make.programme()
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    pack = packs.made(programme, lead, make.project(programme))
    row = browser_for(lead).visit(f"/programmes/{programme.slug}/packs").select_one("tbody tr")
    assert re.search(r", fait à \d\d:\d\d", words_of(row.a))
    assert row.select_one("details:not([open]) code").text == pack.fingerprint
    assert words_of(row.summary) == "00000000…"
    texts = [str(link.label) for link in list_pack_links(make.actor(lead), programme, pack.as_of_on)]
    assert re.search(r", fait à \d\d:\d\d", texts[0])
    pack.as_of_on -= timedelta(days=7)
    db.session.commit()
    texts = [str(link.label) for link in list_pack_links(make.actor(lead), programme, pack.as_of_on)]
    assert re.search(r", fait le \d+(er)? .* à \d\d:\d\d", texts[0])
