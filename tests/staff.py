"""Two teams of a workspace, another workspace, and one person for each way to stand to them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.core.states import RitualState, Role
from bot.db.tables import Membership, Participant, Person, Ritual, Team, Workspace
from tests.clocks import START

HERE, THERE = "C1", "C2"
# Who is no one to ask, whatever else they are.
OUT: dict[str, dict[str, bool]] = {
    "a leaver": {"deleted": True},
    "a bot": {"is_bot": True},
    "an outsider": {"is_external": True},
}


@dataclass(frozen=True)
class Staff:
    """The rows; people by what they are."""

    session: Session
    workspace_id: int
    elsewhere: int  # another workspace
    team: Team
    other_team: Team
    ritual: Ritual  # of the team
    people: dict[str, Person]

    def make_admin(self, who: str) -> Person:
        """Even an admin may nothing once they have left."""
        person = self.people[who]
        person.is_admin = True
        return person


def hired(session: Session) -> Staff:
    """Everybody, in two teams that each have a stand-up."""
    workspace, elsewhere = (
        Workspace(slack_id=one, name=one, bot_user="UBOT") for one in ("T1", "T2")
    )
    session.add_all([workspace, elsewhere])
    session.flush()
    people = {
        name: Person(workspace_id=workspace.id, slack_id=name, name=name, tz="Europe/Berlin", **are)
        for name, are in (
            *((one, {}) for one in ("its owner", "asked", "a risk owner", "a lead")),
            *((one, {}) for one in ("asked elsewhere", "a lead elsewhere", "owner elsewhere")),
            *((one, {}) for one in ("asked once", "nobody", "theirs", "raised it")),
            ("an admin", {"is_admin": True}),
            ("an admitted guest", {"is_external": True, "is_admitted": True}),
            *OUT.items(),
        )
    }
    # Of the same id in another workspace, and with more rights there.
    stranger = Person(workspace_id=elsewhere.id, slack_id="nobody", name="x", is_admin=True)
    session.add_all([stranger, *people.values()])
    teams = [Team(workspace_id=workspace.id, channel=one, name=one) for one in (HERE, THERE)]
    session.add_all(teams)
    session.flush()
    here, there = (
        _ritual(session, team, people[owner])
        for team, owner in zip(teams, ("its owner", "owner elsewhere"), strict=True)
    )
    over = _ritual(session, teams[0], people["asked once"])
    over.state = RitualState.DELETED
    for ritual, name in ((here, "asked"), (there, "asked elsewhere"), (over, "asked once")):
        session.add(Participant(ritual_id=ritual.id, person_id=people[name].id))
    for team, name, role in (
        (teams[0], "a risk owner", Role.RISK_OWNER),
        (teams[0], "a lead", Role.ML_ENGINEER),
        (teams[1], "a lead elsewhere", Role.RISK_OWNER),
    ):
        session.add(Membership(team_id=team.id, person_id=people[name].id, role=role))
    session.flush()
    return Staff(session, workspace.id, elsewhere.id, teams[0], teams[1], here, people)


def _ritual(session: Session, team: Team, owner: Person) -> Ritual:
    made = Ritual(
        team_id=team.id,
        kind="standup",
        title="Stand-up",
        channel=team.channel,
        owner_id=owner.id,
        cadence={},
        config={},
        origin=f"origin {team.id} {owner.id}",
        created_at=START,
    )
    session.add(made)
    session.flush()
    return made
