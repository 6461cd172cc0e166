"""Events as Slack sends them, with the fields that its own samples have and the demo's ids."""

from typing import Any

Json = dict[str, Any]
_DM, _CHANNEL, _MEI = "D01MEI", "C01CHURN", "U01MEI"


def _message(channel: str, channel_type: str, **more: Any) -> Json:
    return {
        "type": "message",
        "channel": channel,
        "user": _MEI,
        "text": "Learned to sail\nNothing next",
        "ts": "1774800000.000100",
        "team": "T01AURORA",
        "user_team": "T01AURORA",
        "source_team": "T01AURORA",
        "client_msg_id": "6b0a2f0e-5d53-4f0e-9c9a-0d0c5e7b9b11",
        "event_ts": "1774800000.000100",
        "channel_type": channel_type,
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "x1",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "Learned to sail"}],
                    }
                ],
            }
        ],
        **more,
    }


EVENTS: tuple[Json, ...] = (
    {
        "type": "app_home_opened",
        "user": _MEI,
        "channel": _DM,
        "event_ts": "1774800000.000200",
        "tab": "home",
        "view": {"id": "V1", "team_id": "T01AURORA", "type": "home", "private_metadata": ""},
    },
    {
        "type": "user_change",
        "cache_ts": 1774800000,
        "event_ts": "1774800000.000300",
        "user": {
            "id": _MEI,
            "team_id": "T01AURORA",
            "name": "mei",
            "deleted": False,
            "color": "9f69e7",
            "real_name": "Mei Tanaka",
            "tz": "Asia/Tokyo",
            "tz_label": "Japan Standard Time",
            "tz_offset": 32400,
            "profile": {
                "real_name": "Mei Tanaka",
                "display_name": "Mei",
                "status_text": "On holiday",
                "status_emoji": ":palm_tree:",
                "status_expiration": 0,
                "title": "",
                "email": "mei@aurora.example",
                "always_active": False,
                "guest_expiration_ts": 0,
            },
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": False,
            "is_stranger": False,
            "is_app_user": False,
            "updated": 1774800000,
            "locale": "en-GB",
        },
    },
    {"type": "channel_unarchive", "channel": _CHANNEL, "user": _MEI},
    {"type": "group_unarchive", "channel": _CHANNEL, "user": _MEI},
    {
        "type": "member_joined_channel",
        "user": "U01MERIDIAN",
        "channel": "C01GENERAL",
        "channel_type": "C",
        "team": "T01AURORA",
        "inviter": _MEI,
        "event_ts": "1774800000.000400",
    },
    {
        "type": "channel_id_changed",
        "old_channel_id": "C01OLD",
        "new_channel_id": "C01NEW",
        "event_ts": "1774800000.000500",
    },
    _message(_DM, "im"),
    _message(_DM, "im", text="skip"),
    _message(_DM, "im", thread_ts="1774799999.000100"),
    _message(_DM, "im", subtype="file_share", files=[{"id": "F1", "name": "plot.png"}]),
    _message(_DM, "im", subtype="me_message"),
    _message(_DM, "im", bot_id="B01MERIDIAN", user="U01MERIDIAN"),
    _message(_DM, "im", subtype="message_changed", hidden=True,
             message={"type": "message", "user": _MEI, "text": "edited", "ts": "1774800000.000100",
                      "edited": {"user": _MEI, "ts": "1774800001.000000"}},
             previous_message={"type": "message", "user": _MEI, "text": "before",
                               "ts": "1774800000.000100"}),
    _message(_DM, "im", subtype="message_deleted", hidden=True, deleted_ts="1774800000.000100",
             previous_message={"type": "message", "user": _MEI, "text": "gone"}),
    _message(_CHANNEL, "channel", thread_ts="1774799999.000100"),
    _message(_CHANNEL, "channel", subtype="channel_join", inviter="U01LENA"),
    _message("G01LEADS", "group", subtype="bot_message", username="other", bot_id="B02"),
)  # fmt: skip
