"""The shapes of what Slack sends, as far as listeners rely on them; what else is there may be.

https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/reference/events
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

# PostgreSQL keeps no text with a NUL in it, and half a surrogate pair is refused by its type.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Id = Annotated[Text, Field(max_length=255)]
Given = Annotated[Id, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Part):
    id: Given


class _Person(_Named):
    team_id: Id | None = None
    name: Text | None = None


class _Words(_Part):
    text: Text


class _Option(_Part):
    value: Text
    text: _Words | None = None


class _Entry(_Part):
    """What stands in an input, whatever its kind."""

    type: Text = ""
    value: Text | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_user: Id | None = None
    selected_users: list[Id] | None = None
    selected_conversation: Id | None = None
    selected_date: Id | None = None
    selected_time: Id | None = None


class _Action(_Entry):
    action_id: Id
    block_id: Id = ""

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        """Every button of ours has a value, and a menu of buttons one that is chosen."""
        if self.type == "button" and self.value is None:
            raise ValueError("a button without its value")
        if self.type == "overflow" and self.selected_option is None:
            raise ValueError("a menu without what was chosen")
        return self


class _Element(_Part):
    type: Text
    text: Text | _Words | None = None
    initial_value: Text | None = None
    initial_option: _Option | None = None
    initial_options: list[_Option] | None = None
    initial_user: Id | None = None
    initial_users: list[Id] | None = None
    initial_date: Id | None = None
    initial_time: Id | None = None
    options: list[_Option] | None = None


class _Block(_Part):
    type: Text
    block_id: Id
    text: _Words | None = None
    element: _Element | None = None
    elements: list[_Element] | None = None


class _State(_Part):
    values: dict[str, dict[str, _Entry]] = {}


class _View(_Part):
    id: Id
    type: Id
    private_metadata: Text
    callback_id: Id = ""
    root_view_id: Id | None = None
    blocks: list[_Block] = []
    state: _State = _State()


class _Inner(_Part):
    """A message inside another's event."""

    ts: Id | None = None
    thread_ts: Id | None = None
    text: Text | None = None
    user: Id | None = None
    bot_id: Id | None = None
    subtype: Id | None = None


class _Message(_Inner):
    ts: Given


class _Interaction(_Part):
    user: _Person
    trigger_id: Given
    response_url: Text | None = None
    channel: _Named | None = None


class _Actions(_Interaction):
    actions: list[_Action] = Field(min_length=1)
    view: _View | None = None
    message: _Message | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.view is None and self.channel is None:
            raise ValueError("neither in a view nor in a message")
        return self


class _OfView(_Interaction):
    view: _View


class _Closed(_Part):
    """Nothing can be opened after it, so it brings no trigger."""

    user: _Person
    view: _View


class _Shortcut(_Interaction):
    callback_id: Id


class _OfMessage(_Shortcut):
    channel: _Named
    message: _Message
    message_ts: Id | None = None


class _Suggestion(_Part):
    user: _Person
    action_id: Id
    value: Text | None = None
    view: _View | None = None


class _Command(_Part):
    command: Id
    user_id: Given
    channel_id: Given
    channel_name: Id | None = None
    team_id: Id | None = None
    text: Text | None = None
    trigger_id: Given
    response_url: Text


class _Profile(_Part):
    display_name: Text | None = None
    real_name: Text | None = None
    status_emoji: Text | None = None
    status_text: Text | None = None
    status_expiration: Annotated[int, Field(ge=0, le=2**40)] | None = None
    email: Text | None = None


class _Changed(_Person):
    real_name: Text | None = None
    tz: Text | None = None
    profile: _Profile | None = None


class _Event(_Part):
    type: Id
    user: Id | _Changed | None = None
    user_team: Id | None = None
    channel: Id | None = None
    channel_type: Id | None = None


class _UserChange(_Event):
    user: _Changed


class _OfChannel(_Event):
    channel: Given


class _Joined(_OfChannel):
    user: Given
    inviter: Id | None = None


class _Renumbered(_Event):
    old_channel_id: Given
    new_channel_id: Given


class _Opened(_Event):
    user: Given


class _Said(_OfChannel, _Message):
    user: Id | None = None
    message: _Inner | None = None
    previous_message: _Inner | None = None


class _Envelope(_Part):
    event_id: Given
    event_time: int | None = None
    event: _Event


_INTERACTIONS: Mapping[str, type[_Part]] = {
    "block_actions": _Actions,
    "block_suggestion": _Suggestion,
    "message_action": _OfMessage,
    "shortcut": _Shortcut,
    "view_closed": _Closed,
    "view_submission": _OfView,
}
_EVENTS: Mapping[str, type[_Part]] = {
    "app_home_opened": _Opened,
    "channel_id_changed": _Renumbered,
    "channel_unarchive": _OfChannel,
    "group_unarchive": _OfChannel,
    "member_joined_channel": _Joined,
    "message": _Said,
    "user_change": _UserChange,
}


def wrong_in(body: Mapping[str, Any]) -> str | None:
    """What of a payload is not as Slack says it is: the way to it, and why, without its content.

    None for what is as it should be, and for events that nobody listens to.
    """
    try:
        if "command" in body:
            _Command.model_validate(body)
        elif "event" in body:
            envelope = _Envelope.model_validate(body)
            shape = _EVENTS.get(envelope.event.type)
            if shape is not None:
                shape.model_validate(body["event"])
        elif (shape := _INTERACTIONS.get(str(body.get("type")))) is not None:
            shape.model_validate(body)
        elif body.get("type") != "url_verification":
            return "type"
    except ValidationError as error:
        return _told(error)
    return None


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['type']}"
