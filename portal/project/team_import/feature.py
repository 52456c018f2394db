"""What the feature "team import" brings to the application."""

from functools import partial

from portal.platform.web.feature import Feature
from portal.platform.web.uploads import READ_FACTOR, SmallUpload, UploadEndpoint
from portal.project.team_import import views
from portal.project.team_import.forms import FILE_MAX

FEATURE = Feature(
    blueprints=(views.bp,),
    sensitive=("team_imports.index", "team_imports.check", "team_imports.confirm"),
    uploads={"team_imports.check": UploadEndpoint(READ_FACTOR * FILE_MAX, partial(SmallUpload, FILE_MAX))},
)
