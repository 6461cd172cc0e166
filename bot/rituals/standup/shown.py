"""Loads from SQL what a stand-up's views draw."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.actions import late as late_actions
from bot.asking.excuses import Excused, excuses
from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.asking.known_keys import issue_links
from bot.asking.upkeep import lifecycle
from bot.core.states import Excuse, PromptState, RunState
from bot.db.tables import Answer, AnswerRevision, Person, Prompt, Ritual, Run
from bot.rituals.standup import issues
from bot.rituals.standup.blockers_shown import blockers_shown
from bot.rituals.standup.model import Config, Layout, Reveal
from bot.rituals.standup.questions import PlanFate, Question, QuestionKind
from bot.rituals.standup.running import revealed
from bot.rituals.standup.values import in_full
from bot.rituals.standup.views.channel import RunShown
from bot.rituals.standup.views.lines import Line
from bot.rituals.standup.views.names import Named, People
from bot.rituals.standup.views.reply import ReplyShown
from bot.rituals.standup.views.whole import Said, Told

_Places = Sequence[tuple[Prompt, Person]]


def run_shown(session: Session, subject: str, at: datetime) -> RunShown | None:
    """A run by its id, as its channel sees it; None once it is gone."""
    run = session.get(Run, int(subject))
    if run is None:
        return None
    config = Config.model_validate(run.config)
    places = _places(session, run)
    answered = [row for row in places if row[0].state is PromptState.ANSWERED]
    ritual = session.get_one(Ritual, run.ritual_id)
    deleted = lifecycle.ended_with(session, ritual, run.closes_at)
    # Answers that waited for a close which never came in earnest are shown to nobody.
    hidden = not revealed(config, run) or (deleted and config.reveal is Reveal.AT_CLOSE)
    said = {} if hidden else answers_of(session, Prompt.run_id == run.id)
    return RunShown(
        run_id=run.id,
        title=ritual.title,
        date=run.local_date,
        closed=run.state is RunState.CLOSED,
        closes_at=run.closes_at,
        lines=tuple(line(*row, config.questions, said.get(row[0].id, {})) for row in answered),
        people=_people(session, run, at, places),
        blockers=blockers_shown(session, at, run),
        late_items=late_actions.said(session, at, run),
        hidden=hidden,
        replies=config.layout is Layout.REPLIES,
        deleted=deleted,
        links=_links(session, places, config.questions, said.values()),
    )


def _links(
    session: Session,
    places: _Places,
    questions: Sequence[Question],
    said: Iterable[Mapping[str, str]],
) -> IssueLinks:
    """Where keys lead; what was said to be an issue is one, whatever its project."""
    found = issue_links(session, places[0][1].workspace_id) if places else NO_LINKS
    return found.knowing(key for one in said for key in issues.keys_of(questions, one))


def reply_shown(session: Session, subject: str, _at: datetime) -> ReplyShown | None:
    """One person's answer by their prompt's id; None where there is none to be read (any more)."""
    prompt = session.get(Prompt, int(subject))
    if prompt is None or prompt.state is not PromptState.ANSWERED:
        return None
    run = session.get_one(Run, prompt.run_id)
    config = Config.model_validate(run.config)
    if not revealed(config, run):
        return None
    this = Prompt.id == prompt.id
    said = answers_of(session, this).get(prompt.id, {})
    edited = edited_of(session, this).get(prompt.id, ())
    person = session.get_one(Person, prompt.person_id)
    return ReplyShown(
        Said(
            person.name,
            late(prompt),
            told(config.questions, said, edited),
        ),
        run.id,
        issue_links(session, person.workspace_id).knowing(issues.keys_of(config.questions, said)),
    )


def line(
    prompt: Prompt, person: Person, questions: Sequence[Question], said: Mapping[str, str]
) -> Line:
    """What one person said, for one line; of blockers there are rows."""
    return Line(
        name=person.name,
        said=tuple(
            (one, said[one.key])
            for one in questions
            if one.kind is not QuestionKind.BLOCKERS and said.get(one.key)
        ),
        late=late(prompt),
        done=said.get(PlanFate.DONE, ""),
        carried=said.get(PlanFate.CARRIED, ""),
    )


def told(
    questions: Sequence[Question], said: Mapping[str, str], edited: Collection[str]
) -> tuple[Told, ...]:
    """All that one person said, in the order of the questions."""
    plans = [
        Told(head, said[key], key in edited)
        for key, head in ((PlanFate.DONE, "Done"), (PlanFate.CARRIED, "Carried over"))
        if said.get(key)
    ]
    answers = [
        Told(one.short, in_full(one, said[one.key]), one.key in edited)
        for one in questions
        if said.get(one.key)
    ]
    return (*plans, *answers)


def late(prompt: Prompt) -> bool:
    """Whether it was answered after the person's own window."""
    return prompt.answered_at is not None and prompt.answered_at > prompt.closes_at


def answers_of(session: Session, which: ColumnElement[bool]) -> dict[int, dict[str, str]]:
    """The texts of these prompts, by prompt and question."""
    rows = session.execute(
        select(Answer.prompt_id, Answer.question, Answer.text)
        .join(Prompt, Answer.prompt_id == Prompt.id)
        .where(which)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for prompt_id, question, text in rows:
        found[prompt_id][question] = text
    return found


def edited_of(session: Session, which: ColumnElement[bool]) -> dict[int, set[str]]:
    """The questions whose answers have an earlier text, by prompt."""
    rows = session.execute(
        select(Answer.prompt_id, Answer.question)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .join(Prompt, Answer.prompt_id == Prompt.id)
        .where(which)
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for prompt_id, question in rows:
        found[prompt_id].add(question)
    return found


def on_it() -> ColumnElement[bool]:
    """Whether a prompt belongs to the run at all: who is away does, who has left does not."""
    return (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None)


def _places(session: Session, run: Run) -> _Places:
    rows = session.execute(
        select(Prompt, Person)
        .join(Person, Prompt.person_id == Person.id)
        .where(Prompt.run_id == run.id, on_it())
        .order_by(Prompt.answered_at, Person.name, Prompt.id)
    )
    return [(prompt, person) for prompt, person in rows]


def _people(session: Session, run: Run, at: datetime, places: _Places) -> People:
    """Those who have not answered, by where they stand."""
    excused = _excused(session, at, run, places)
    groups: dict[str, list[Named]] = defaultdict(list)
    for prompt, person in sorted(places, key=lambda row: row[1].name.casefold()):
        if prompt.state is PromptState.ANSWERED:
            continue
        if why := excused.get(person.id):
            skipped = why.excuse is Excuse.OWN_WISH
            groups["skipped" if skipped else "away"].append(Named(person.name, _note(why)))
        elif run.state is RunState.CLOSED:
            groups["missing"].append(Named(person.name))
        else:
            groups["late" if prompt.closes_at <= at else "waiting"].append(Named(person.name))
    return People(**{name: tuple(names) for name, names in groups.items()})


def _excused(session: Session, at: datetime, run: Run, places: _Places) -> dict[int, Excused]:
    """Why people aren't asked, by their id.

    Whose moment has not come is looked up: their own step will skip them.
    """
    found = {
        prompt.person_id: Excused(prompt.excuse, prompt.reason or "")
        for prompt, _person in places
        if prompt.excuse is not None
    }
    waiting = [person for prompt, person in places if prompt.state is PromptState.WAITING]
    looked_up = excuses(session, at, [(person, run.local_date) for person in waiting])
    return found | {person_id: why for (person_id, _on), why in looked_up.items()}


def _note(why: Excused) -> str:
    """The name of a holiday or a status; why somebody is absent is their own affair."""
    return why.reason if why.excuse in {Excuse.HOLIDAY, Excuse.STATUS} else ""
