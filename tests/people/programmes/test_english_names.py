"""English names of a programme and its tracks are optional."""

from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from tests.people.programmes.test_views import NEW, admin
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
