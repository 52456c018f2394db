import pytest

from portal.platform.kernel.database import db
from tests.support import demonstration


@pytest.fixture
def told(make_app, tmp_path_factory):
    """An application with the demonstration in it."""
    data = tmp_path_factory.mktemp("told")
    demonstration.copy_to(data, make_app, tmp_path_factory)
    app = make_app(DATA_DIR=str(data))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
