"""English names of a programme and its tracks are optional."""

import pytest

from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from tests.people.programmes.test_views import NEW, admin
from tests.support import factories as make
from tests.support.browser import words_of

__all__ = ["admin"]


def test_english_names_are_suggested_and_never_asked(admin):
    page = admin.submit("/programmes/new", **NEW | {"name_en": ""})
    programme = db.session.query(Programme).one()
    assert programme.name_en == ""
    with using_language("en"):
        assert programme.name == NEW["name_fr"]
        assert [track.name for track in list_tracks(programme.id)] == ["Technical", "Strategic"]
    assert NEW["name_fr"] in words_of(page.main)


@pytest.mark.parametrize("path", ["/programmes/new", "/programmes/ami/edit"])
def test_what_a_programme_does_not_need_at_first_is_folded(admin, path):
    """Unless it was refused: what is wrong is in sight."""
    make.programme(slug="ami")
    page = admin.visit(path)
    folded = {tag["name"] for tag in page.select("form .fold [name]")}
    assert folded == {"name_en", "about_fr", "about_en", "test_retention"}
    assert not page.select("form .fold[open]")
    refused = admin.submit(path, expect=422, test_retention="0")
    assert refused.select_one("form .fold[open] [name=test_retention]")
