"""What the demo team says: three days and a morning of work on a churn model."""

from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True)
class Said:
    """One answer: whose, on which of the demo's days, and how long after being asked."""

    day: int  # 0 is the first, 3 today
    person: str
    minutes: int
    learned: str
    next: str
    blockers: str = ""
    confidence: str = ""  # in the sprint's goal, 1 to 5
    helper: str = ""  # who can unblock


@dataclass(frozen=True)
class Noted:
    """A note of the retro: whose, how long after being asked, in which column, and what it says.

    Without a column they say that they are done.
    """

    person: str
    minutes: int
    column: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Agreed:
    """An action item: who raised it, on which day how long after being asked, and what it says."""

    raiser: str
    owner: str
    what: str
    due: int  # days after the demo's present
    day: int | None = None  # None: it was decided in the retro before
    minutes: int = 0
    blocker: str = ""  # the words of what it is to remove


class Deed(Enum):
    """What an owner does to an item."""

    START = auto()
    FINISH = auto()


@dataclass(frozen=True)
class Became:
    """What its owner did to an item, on which day, how long after being asked."""

    which: int  # of AGREED
    deed: Deed
    day: int
    minutes: int


Event = Said | Noted | Agreed | Became
"""Something that somebody of the team does."""

MEI, ARJUN, LENA = "U01MEI", "U01ARJUN", "U01LENA"
INES, RAFAEL, SAM = "U01INES", "U01RAFAEL", "U01SAM"
DAYS = 4
_EXPORT = "The GDPR export: no read access to the consent flags until legal agrees"
_NO_SLOT = "Nobody of customer success has an hour for the walk-through"

SAID = (
    Said(0, MEI, 17,
         "The event log is backfilled: 14 months, with three gaps, all of them in August.",
         "Nightly snapshots of the features, so that training never reads a later value.",
         confidence="4"),
    Said(0, ARJUN, 9,
         "Baseline: a logistic regression on 31 features, PR-AUC 0.34, recall 0.52 at "
         "precision 0.40.",
         "Gradient boosting on the same split.",
         confidence="3"),
    Said(0, LENA, 6,
         "Sales and we now mean the same by churn: 30 days without a paid seat.",
         "Write it down where the labels are made.",
         confidence="4"),
    Said(0, INES, 22,
         "Half of August's cancellations are changes of plan. They aren't churn.",
         "Mark them in the label table, with support.",
         confidence="3"),
    Said(0, RAFAEL, 31,
         "3.1 % positives. Class weights beat oversampling by two points of PR-AUC.",
         "See what the weights do to calibration.",
         confidence="4"),
    Said(0, SAM, 14,
         "Customer success can call 200 accounts a week, so what counts is precision in the "
         "top 200.",
         "Sketch the list with them."),
    Said(1, MEI, 25,
         "Snapshots run. A feature is at most 26 h old when an account is scored.",
         "An alert for freshness past 30 h.",
         confidence="4"),
    Said(1, ARJUN, 12,
         "Boosting says PR-AUC 0.71, which is too good: days_since_ticket is written after the "
         "cancellation. Label leakage.",
         "Drop all that is written after the request, and train again.",
         _EXPORT,
         confidence="2", helper=LENA),
    Said(1, LENA, 8,
         "The definition of churn is in the repository, next to the query.",
         "Ask legal about Arjun's access.",
         confidence="3"),
    Said(1, INES, 40,
         "412 changes of plan are marked. Two reasons for cancelling were swapped in the form.",
         "Read 50 of the false alarms of the baseline.",
         confidence="3"),
    Said(1, RAFAEL, 18,
         "The weights push scores up: 0.6 means 0.35 in truth. Isotonic regression mends it, "
         "Brier 0.061 to 0.024.",
         "The same per country, where data is thin."),
    Said(2, MEI, 11,
         "The alert is on. Billing was 41 h late twice last month, and nobody knew.",
         "Join usage by seat, not by account.",
         confidence="4"),
    Said(2, ARJUN, 15,
         "Without the leak: PR-AUC 0.46, and still ahead of the baseline's 0.34.",
         "Latency of the scorer; it must stay under 80 ms.",
         confidence="4"),
    Said(2, LENA, 20,
         "Legal has the request and promises an answer this week.",
         "Review the plan of the pilot with Sam.",
         confidence="4"),
    Said(2, INES, 33,
         "Of 50 false alarms, 31 are schools in their summer break.",
         "A feature for the school year, with Mei.",
         confidence="3"),
    Said(2, RAFAEL, 26,
         "Calibration holds in all countries but Brazil, with 90 positives there.",
         "Pool the small countries.",
         confidence="4"),
    Said(2, SAM, 19,
         "Success wants the reason next to each score, or they won't call.",
         "Choose five accounts to walk through with them.",
         _NO_SLOT,
         confidence="3"),
    Said(3, MEI, 17,
         "Usage by seat is joined. 4 % of the seats were counted twice, all from one retried "
         "import.",
         "The school-year feature with Inês.",
         confidence="4"),
    Said(3, ARJUN, 12,
         "The scorer takes 48 ms at p95, half of it for features that it hardly uses.",
         "Cut them to 18, and see what precision in the top 200 costs.",
         confidence="4"),
)  # fmt: skip
"""By day, then by the order in which people are asked."""

AGREED = (
    Agreed(LENA, LENA, "Write down what we mean by churn, next to the query", -2),
    Agreed(LENA, LENA, "Ask support why August's log has gaps", -1),
    Agreed(LENA, ARJUN, "Compare runs by precision in the top 200, not by accuracy", 5),
    Agreed(MEI, MEI, "Write down how the features are rebuilt", 7, 1, 35),
    Agreed(SAM, LENA, "Find an hour with customer success", 0, 2, 24, _NO_SLOT),
)
"""What the team agreed to do: its last retro's, then by day."""

BECAME = (
    Became(2, Deed.START, 0, 40),
    Became(0, Deed.FINISH, 1, 9),
    Became(4, Deed.START, 2, 600),
)

LAST_NOTES = (
    Noted(MEI, 12, 0, "Backfilling first showed three gaps that no dashboard had."),
    Noted(ARJUN, 20, 1, "Two of us meant different things by churn for a week."),
    Noted(RAFAEL, 31, 2, "Comparing runs by accuracy, with 3 % positives."),
    Noted(INES, 44, 1, "Changes of plan were counted as cancellations."),
    Noted(LENA, 49, 2, "Status in three places."),
    *(Noted(person, 60) for person in (MEI, ARJUN, LENA, INES, RAFAEL, SAM)),
)  # fmt: skip
"""Of the retro before."""

NOTES = (
    Noted(MEI, 14, 0, "The leak was found by reading the features out loud, in one afternoon."),
    Noted(MEI, 16, 1, "PR-AUC looked too good for a week before anybody asked why."),
    Noted(MEI, 55),
    Noted(ARJUN, 9, 1, "A feature from after the churn date slipped in: nothing checks for that."),
    Noted(ARJUN, 70),
    Noted(INES, 21, 2, "Tuning before the labels are clean."),
    Noted(INES, 24, 0, "Schools close in summer: ask customer success before calling it churn."),
    Noted(INES, 80),
    Noted(RAFAEL, 12, 1, "Calibration over all countries hid that Brazil has 90 positives."),
    Noted(RAFAEL, 43),
)
"""Of the retro that the team is at: what was learned, what fooled us, what we stop running."""
