"""Forms that upload a file and confirm a removal."""

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.intake import StoredUpload, UploadIntake
from portal.platform.storage.labels import ACCEPT
from portal.platform.storage.spool import Spool
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.uploads import StreamedUpload


class UploadingForm(Form):
    """Validating the form checks and stores the bytes of its `file`, before the database is written; without
    one, `incoming_file` is None.

    The view calls `discard` afterwards, which deletes bytes that were not attached.
    """

    file = FileField(_l("Choisissez un fichier"), render_kw={"accept": ACCEPT})

    def __init__(self, intake: UploadIntake, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intake = intake
        self.incoming_file: StoredUpload | None = None

    def validate_file(self, field: FileField) -> None:
        stream = getattr(field.data, "stream", None)
        if not isinstance(stream, StreamedUpload) or not isinstance(stream.meter, Spool):
            return
        try:
            self.incoming_file = self.intake.accept(field.data.filename or "", stream.meter)
        except RuleBroken as error:
            raise ValidationError(error.message) from None

    def discard(self) -> None:
        """Delete the stored bytes unless a row refers to them."""
        self.intake.discard(self.incoming_file)


class AttachmentUploadForm(UploadingForm, CreateForm):
    """Attach a file."""

    def validate_file(self, field: FileField) -> None:
        """A file is required."""
        super().validate_file(field)
        if self.incoming_file is None:
            raise ValidationError(_("Choisissez le fichier à joindre."))

    @property
    def accepted_file(self) -> StoredUpload:
        """The file of a valid form."""
        if self.incoming_file is None:
            raise LookupError("the form is not valid yet")
        return self.incoming_file


class AttachmentRemovalForm(CreateForm):
    """Confirm a removal."""
