"""Use case of *Read all*: the whole answers of a run."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.known_keys import issue_links
from bot.core.states import PromptState, RitualState
from bot.db.tables import Person, Prompt, Ritual, Run, Team
from bot.rituals.standup import issues
from bot.rituals.standup.blockers_shown import blockers_shown
from bot.rituals.standup.model import Config
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.running import revealed
from bot.rituals.standup.shown import answers_of, edited_of, late, told
from bot.rituals.standup.views.read_all import AllAnswers, NoLonger, NotYet
from bot.rituals.standup.views.whole import Said, Told


def read_all(
    session: Session, at: datetime, workspace_id: int, run_id: int
) -> AllAnswers | NotYet | NoLonger:
    """What *Read all* under a run's message opens, for whoever can see that message."""
    found = session.execute(
        select(Run, Ritual)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Team, Ritual.team_id == Team.id)
        .where(Run.id == run_id, Team.workspace_id == workspace_id)
    ).first()
    if found is None or found[1].state is RitualState.DELETED:
        return NoLonger()
    run, ritual = found
    config = Config.model_validate(run.config)
    if not revealed(config, run):
        return NotYet(run.closes_at)
    answered = (Prompt.run_id == run.id) & (Prompt.state == PromptState.ANSWERED)
    people = session.execute(
        select(Prompt, Person.name)
        .join(Person, Prompt.person_id == Person.id)
        .where(answered)
        .order_by(Prompt.answered_at, Person.name, Prompt.id)
    ).all()
    said = answers_of(session, answered)
    edited = edited_of(session, answered)
    return AllAnswers(
        run_id=run.id,
        title=ritual.title,
        date=run.local_date,
        answers=tuple(
            Said(
                name,
                late(prompt),
                _told(config.questions, said.get(prompt.id, {}), edited.get(prompt.id, ())),
            )
            for prompt, name in people
        ),
        blockers=blockers_shown(session, at, run),
        links=issue_links(session, workspace_id).knowing(
            key for one in said.values() for key in issues.keys_of(config.questions, one)
        ),
    )


def _told(
    questions: Sequence[Question], said: Mapping[str, str], edited: Collection[str]
) -> tuple[Told, ...]:
    """An answer without its blockers, for those stand above; whole where it says nothing else."""
    others = [one for one in questions if one.kind is not QuestionKind.BLOCKERS]
    return told(others, said, edited) or told(questions, said, edited)
