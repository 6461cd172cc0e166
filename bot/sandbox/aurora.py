"""The demo workspace: Aurora ML, six people in six zones and a guest."""

from bot.core.clock import Calendar
from bot.sandbox.world import ADMIN, BOT_USER_ID, SLACKBOT, TEAM_ID, Channel, User, World

OTHER_TEAM_ID = "T01NIMBUS"

# id, handle, real name, zone, title, colour
PEOPLE = (
    ("U01MEI", "mei", "Mei Tanaka", "Asia/Tokyo", "Data engineer", "e96699"),
    ("U01ARJUN", "arjun", "Arjun Rao", "Asia/Kolkata", "ML engineer", "4bbe2e"),
    ("U01LENA", "lena", "Lena Vogt", "Europe/Berlin", "Scrum master", "9f69e7"),
    ("U01INES", "ines", "Inês Duarte", "Europe/Lisbon", "Domain expert", "3c989f"),
    ("U01RAFAEL", "rafael", "Rafael Lima", "America/Sao_Paulo", "Data scientist", "e7392d"),
    ("U01SAM", "sam", "Sam Ortiz", "America/Los_Angeles", "Product owner", "db3150"),
)
GUEST = "U01PRIYA"


def aurora(calendar: Calendar) -> World:
    """A fresh Aurora ML."""
    world = World(calendar)
    for id_, name, real_name, tz, title, color in PEOPLE:
        _add(world, id_, name, real_name, tz, title=title, color=color)
    world.users[ADMIN].is_admin = world.users[ADMIN].is_owner = True
    _add(
        world, GUEST, "priya", "Priya Shah", "Asia/Dubai", title="Consultant at Nimbus Data",
        color="684b6c", team_id=OTHER_TEAM_ID, email="priya@nimbus-data.example",
    )  # fmt: skip
    _add(world, BOT_USER_ID, "meridian", "Meridian", "Etc/UTC", is_bot=True, email="")
    _add(world, SLACKBOT, "slackbot", "Slackbot", "Etc/UTC", email="")
    _add_channels(world)
    return world


def _add(world: World, id_: str, name: str, real_name: str, tz: str, **more: object) -> None:
    defaults: dict[str, object] = {
        "team_id": TEAM_ID,
        "email": f"{name}@aurora-ml.example",
        "display_name": real_name.split()[0],
        "updated": world.seconds(),
    }
    world.users[id_] = User(id_, name, real_name, tz, **(defaults | more))  # type: ignore[arg-type]


def _add_channels(world: World) -> None:
    everybody = [person[0] for person in PEOPLE]
    for channel in (
        Channel("C01GENERAL", "general", [*everybody, BOT_USER_ID], is_general=True),
        Channel("C01CHURN", "churn-model", [*everybody, BOT_USER_ID]),
        Channel("C01DATAQUALITY", "data-quality", ["U01MEI", "U01ARJUN", "U01INES", GUEST]),
        Channel("C01LEADS", "leads", [ADMIN, "U01SAM", BOT_USER_ID], is_private=True),
    ):
        channel.created = world.seconds()
        world.channels[channel.id] = channel
