"""Rows of exports of personal data, with their bytes in the storage."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from portal.people.accounts.models import Person
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel import clock
from portal.platform.storage.storage import new_key
from portal.platform.storage.transaction import get_storage
from tests.support.keeping import kept, write


@kept
def data_export(person: Person, **given: Any) -> DataExport:
    """An export that is ready, and expires in a day."""
    key = new_key()
    get_storage().put(key, BytesIO(b"zip"), 3)
    usual = {
        "stage": ExportStage.READY,
        "key": key,
        "size": 3,
        "finished_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=1),
    }
    return write(DataExport(person_id=person.id, **usual | given))


def one_of_each(member: Person) -> dict[str, UUID]:
    """The ids of rows for the access table."""
    erasure = write(Erasure(person_id=member.id, asked_by_id=member.id, stage=ErasureStage.LISTED))
    mention = write(
        ErasureMention(
            erasure_id=erasure.id, table_name="comment", column_name="body", row_key=f'["{erasure.id}"]'
        )
    )
    return {"data_export": data_export(member).id, "erasure": erasure.id, "mention": mention.id}
