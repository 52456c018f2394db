"""Choosing a file to attach, and agreeing to remove one."""

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.intake import IncomingFile, UploadIntake
from portal.platform.storage.labels import ACCEPT
from portal.platform.storage.spool import Spool
from portal.platform.web.base_form import CreateForm
from portal.platform.web.uploads import StreamedUpload


class AttachmentUploadForm(CreateForm):
    """A file is looked at, and its bytes kept, while the form is: before anything is written.

    Whoever made the form lets go of what no row came to name.
    """

    file = FileField(_l("Choisissez un fichier"), render_kw={"accept": ACCEPT})

    def __init__(self, desk: UploadIntake, *args: Any, **usual: Any) -> None:
        super().__init__(*args, **usual)
        self._desk = desk
        self.arrived: IncomingFile | None = None

    def validate_file(self, field: FileField) -> None:
        stream = getattr(field.data, "stream", None)
        if not isinstance(stream, StreamedUpload) or not isinstance(stream.meter, Spool):
            raise ValidationError(_("Choisissez le fichier à joindre."))
        try:
            self.arrived = self._desk.accept(field.data.filename or "", stream.meter)
        except RuleBroken as refused:
            raise ValidationError(refused.message) from None

    @property
    def incoming_file(self) -> IncomingFile:
        """The file of a valid form."""
        if self.arrived is None:
            raise LookupError("asked before the form was valid")
        return self.arrived

    def discard(self) -> None:
        self._desk.discard(self.arrived)


class AttachmentRemovalForm(CreateForm):
    """Agreeing that a file goes; removed once."""
