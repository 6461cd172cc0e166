"""What is taken out of the database's file is nowhere in it any more, not even between rows."""

import random
import struct
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.db.session import Database, note_clean
from bot.db.tables import Person, Workspace
from bot.rituals.retro import sealed, tally
from bot.rituals.retro.sealed import Written
from bot.rituals.retro.tables import Ballot, Retro, Topic
from tests.clocks import START
from tests.db import rows

GONE, KEPT = 1, 2  # two retros at once: what stays of one keeps pages of the other
_FAR = 0x21436587  # ids that are found again in the file's bytes

pytestmark = pytest.mark.usefixtures("on_sqlite")


def begun(session: Session) -> None:
    """Two retros in the same stage."""
    owner = rows.person(session, rows.workspace(session).id)
    ritual = rows.ritual(session, owner, START)
    for number in (GONE, KEPT):
        run_id = rows.run(session, ritual, START, ordinal=number).id
        session.add(Retro(id=number, ritual_id=ritual.id, run_id=run_id, stage_since=START))
    session.flush()


def written(session: Session, lot: random.Random) -> tuple[list[str], list[str]]:
    """Notes are written, changed and taken back, then those of one retro taken out.

    Answers the words of what is gone, and of what stays.
    """
    gone, there = list[str](), dict[tuple[int, str], str]()
    for number in range(40):
        retro_id, token = lot.choice((GONE, KEPT)), f"token-{number}"
        text = there[retro_id, token] = said(lot)
        sealed.put(session, retro_id, token, Written(0, text))
        retro_id, token = lot.choice(list(there))
        if lot.random() < 0.5:
            gone.append(there[retro_id, token])
            text = there[retro_id, token] = said(lot)
            sealed.put(session, retro_id, token, Written(0, text, turn=number + 1))
        elif lot.random() < 0.5:
            gone.append(there.pop((retro_id, token)))
            sealed.drop(session, retro_id, token)
    gone += [text for (retro_id, _token), text in there.items() if retro_id == GONE]
    assert len(sealed.take(session, GONE)) == sum(of == GONE for of, _token in there)
    note_clean(session)
    kept = [text for (retro_id, _token), text in there.items() if retro_id == KEPT]
    return words(gone), words(kept)


def said(lot: random.Random) -> str:
    """Words that stand nowhere else."""
    return " ".join(f"{lot.getrandbits(48):012x}" for _ in range(lot.randint(1, 100)))


def words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


def test_no_word_stays_of_notes_that_are_gone(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where deleting the rows of one retro alone leaves some of it between those of the other."""
    monkeypatch.setattr(sealed, "_LOT", random.Random(12))  # noqa: S311 - no secret
    database.write_now(begun)
    gone, kept = database.write_now(written, random.Random(12))  # noqa: S311 - no secret
    content = file_of(database_url)
    assert len(gone) > 500
    assert [word for word in gone if word.encode() in content] == []
    assert sum(word.encode() in content for word in kept) > 0.9 * len(kept)  # some lie on two pages


def voted(session: Session, lot: random.Random) -> tuple[list[tuple[int, int]], int]:
    """People vote and change their votes, then one retro's are counted.

    Answers all that there ever were of that one, and how many stay of the other.
    """
    workspace_id = session.scalars(select(Workspace.id)).one()
    people = [_FAR + number for number in range(60)]
    topics = {2 * _FAR + number: number % 2 + GONE for number in range(20)}
    known = {"workspace_id": workspace_id, "name": "Somebody", "tz": "UTC"}
    session.execute(insert(Person), [{"id": one, "slack_id": f"U{one}", **known} for one in people])
    topic = {"position": 0, "column": 0, "text": "Topic"}
    session.execute(
        insert(Topic), [{"id": one, "retro_id": of, **topic} for one, of in topics.items()]
    )
    votes = [(topic_id, one) for one in people for topic_id in topics]
    lot.shuffle(votes)
    for start in range(0, len(votes), 20):
        some = votes[start : start + 20]
        session.execute(insert(Ballot), [{"topic_id": t, "person_id": one} for t, one in some])
    for topic_id, one in votes[::2]:
        mine = (Ballot.topic_id == topic_id) & (Ballot.person_id == one)
        session.execute(delete(Ballot).where(mine))
    tally.settle(session, GONE)
    note_clean(session)
    kept = sum(topics[topic_id] == KEPT for topic_id, _one in votes[1::2])
    return [one for one in votes if topics[one[0]] == GONE], kept


def test_no_ballot_stays_of_a_vote_that_is_over(database: Database, database_url: str) -> None:
    """While another retro's goes on."""
    database.write_now(begun)
    gone, kept = database.write_now(voted, random.Random(19))  # noqa: S311 - no secret
    content = file_of(database_url)
    assert [one for one in gone if struct.pack(">ii", *one) in content] == []
    assert database.read_now(lambda session: session.query(Ballot).count()) == kept


def file_of(database_url: str) -> bytes:
    """All of it, since its write-ahead log is empty."""
    file = Path(database_url.removeprefix("sqlite:///"))
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    return file.read_bytes()
