"""The lessons in their order: number, file, title, the customer's question, minutes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lesson:
    """A notebook of the course; `about` is its question in one line.

    `on_path` marks what everybody needs, about ninety minutes in all; the rest is for whom the
    question concerns.
    """

    number: str
    file: str
    title: str
    about: str
    minutes: int
    on_path: bool = False

    @property
    def name(self) -> str:
        """Return number and title, as links print them."""
        return f"{self.number} · {self.title}"


LESSONS: tuple[Lesson, ...] = (
    Lesson("00", "00_start_here", "Start here",
           "What is this, and where do I go?", 8, on_path=True),
    Lesson("01", "01_certificates_and_eku", "Certificates and EKUs",
           "What does a certificate say it may be used for, and who looks?", 14, on_path=True),
    Lesson("02", "02_the_sunset_calendar", "The sunset calendar",
           "Until when does which CA issue clientAuth?", 8),
    Lesson("03", "03_two_stores", "Two certificate stores",
           "Which of the two certificates is presented?", 14, on_path=True),
    Lesson("10", "10_condition_1_upgrade", "Condition 1: the upgrade",
           "We upgrade to X15.5. What breaks, and when?", 10, on_path=True),
    Lesson("11", "11_condition_2_public_ca_everywhere", "Condition 2: public CA everywhere",
           "Every certificate is renewed and serverAuth only: what still works?", 15, on_path=True),
    Lesson("12", "12_condition_2_1_private_core_client", "Condition 2.1: private on Core",
           "One private certificate on Core: what does that repair?", 15, on_path=True),
    Lesson("13", "13_condition_3_private_ca", "Condition 3: private CA everywhere",
           "We have our own CA. Why not use it for all four?", 10),
    Lesson("14", "14_condition_4_public_edge", "Condition 4: public CA on Edge",
           "Edge needs public certificates. Who minds that they are serverAuth only?", 10),
    Lesson("20", "20_scenario_1_webex_mtls", "Scenario 1: Webex over mTLS",
           "Which certificate does Webex see?", 12),
    Lesson("21", "21_scenario_2_neighbor_zone", "Scenario 2: neighbor zone",
           "An old neighbor calls: who shows what, and who checks?", 12),
    Lesson("22", "22_scenario_3_mra_provisioning", "Scenario 3: MRA provisioning",
           "Zone and tunnels are Active, and still nobody can log in?", 10),
    Lesson("23", "23_the_other_side", "The other side",
           "One certificate, five kinds of software at the other end: who accepts it?", 10),
    Lesson("30", "30_explore_any_deployment", "Explore any deployment",
           "Ours is none of the published conditions. What fails?", 15, on_path=True),
    Lesson("40", "40_investigate_a_case", "Investigate a case",
           "A customer sent a diagnostic archive. What is wrong?", 12),
    Lesson("50", "50_plan_the_change", "Plan the change",
           "What is wrong is known. What to do, in which order, and by whom?", 14),
)  # fmt: skip


def missing(folder: Path) -> dict[tuple[str, str], str]:
    """Return what to say of each lesson without its notebook, by its number and file name."""
    return {
        (lesson.number, lesson.file): f"{folder / lesson.file}.ipynb is missing, the notebook of "
        f"lesson {lesson.name}; bring it back (git checkout notebooks) or, if the lesson is new, "
        "write it (CONTRIBUTING.md, A lesson)"
        for lesson in LESSONS
        if not (folder / f"{lesson.file}.ipynb").is_file()
    }


def neighbors(found: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lessons before and after."""
    place = LESSONS.index(found)
    before = LESSONS[place - 1] if place else None
    after = LESSONS[place + 1] if place + 1 < len(LESSONS) else None
    return before, after
