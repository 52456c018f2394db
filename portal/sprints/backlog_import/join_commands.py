"""Who people of an imported file are: their ids stand in JSON, which no foreign key tells."""

import json

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import JoinedAccounts
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ItemSource, SavedChoices


def replace_joined_account(joined: JoinedAccounts) -> None:
    """Name the account that stays where imports named the other one: an item that was given to it by
    a file was not given to somebody else since."""
    old, new = str(joined.former_id), str(joined.person_id)
    for model in (BacklogImport, SavedChoices, ImportLine, ItemSource):
        for column in model.metadata.tables[model.__tablename__].columns:
            if isinstance(column.type, sa.JSON):
                naming = sa.select(model).where(sa.cast(column, sa.Text).contains(old))
                for row in db.session.scalars(naming).all():
                    text = json.dumps(getattr(row, column.name)).replace(old, new)
                    setattr(row, column.name, json.loads(text))
