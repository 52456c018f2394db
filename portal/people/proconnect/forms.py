"""Forms of a sign-in by ProConnect."""

from wtforms import HiddenField
from wtforms.validators import Length

from portal.platform.web.base_form import Form

PARAMETER_MAX = 2000  # characters of what the provider gives the browser


class ProviderStartForm(Form):
    """Where to go afterwards, and the invitation that is accepted on the way."""

    next = HiddenField(validators=[Length(max=1000)])
    offer = HiddenField(validators=[Length(max=200)])


class ProviderReturnForm(Form):
    """What the browser brings back from the provider."""

    code = HiddenField(validators=[Length(max=PARAMETER_MAX)])
    state = HiddenField(validators=[Length(max=PARAMETER_MAX)])
    error = HiddenField(validators=[Length(max=PARAMETER_MAX)])
