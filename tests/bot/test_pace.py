"""The pace of whoever writes: nobody honest is turned away, no flood gets in, nobody is remembered."""

from __future__ import annotations

import copy
import gc
import pickle
import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.pace import BURST_S, BURST_TIPS, HOUR_S, MOST_TIPS, PASS_S, PICTURES, Challenge, Pace
from prompts.catalog import text
from tests.canary.spelling import needles

HOA = 5_128_930_417_233
MORNING = datetime(2026, 11, 22, 2, tzinfo=UTC)  # nine o'clock in Vietnam


class World:
    """A pace whose clocks are set by hand, and people at it."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.pace = Pace(lambda: 1_000 + self.passed_s, lambda: MORNING + timedelta(seconds=self.passed_s))
        self.sent = 0

    def later(self, seconds: float) -> None:
        self.passed_s += seconds

    def send(self, account: int, *, answers: bool = True) -> str:
        """Try to send a tip as the channel does; gives what was met on the way."""
        verdict = self.pace.verdict(account, "tip")
        has_passed = verdict == "challenge" and answers and self.pace.passed(account)
        if verdict == "go" or has_passed:
            self.note(account)
        return verdict

    def note(self, account: int) -> None:
        self.sent += 1
        self.pace.note_tip(account, f"{self.sent:032x}")


@pytest.fixture
def world() -> World:
    return World()


def test_thirty_people_in_one_room_all_get_through(world: World) -> None:
    met = []
    for person in range(30):
        met.append(world.send(HOA + person))
        world.later(4)
    assert set(met) <= {"go", "challenge"}
    assert "challenge" not in met, "a training session is no burst"
    assert world.sent == 30


@pytest.mark.parametrize("accounts", [1, 7, 700])
def test_seven_hundred_scripted_reports_do_not_get_in(world: World, accounts: int) -> None:
    for number in range(700):
        world.send(number % accounts, answers=False)
        world.later(0.1)
    assert world.sent <= BURST_TIPS
    for number in range(7_000):  # and it keeps its own door shut
        world.send(number % accounts, answers=False)
        world.later(1)
    assert world.sent <= BURST_TIPS


def test_an_honest_sender_gets_in_during_a_flood_by_one_press(world: World) -> None:
    for number in range(200):
        world.send(number, answers=False)
        world.later(0.1)
    sent = world.sent
    assert world.send(HOA) == "challenge"
    assert world.send(HOA) == "go", "one press holds for a while"
    assert world.sent == sent + 2
    world.later(PASS_S - 1)
    for number in range(200):
        world.send(number, answers=False)
    assert world.send(HOA) == "go"
    world.later(1)
    assert world.send(HOA) == "challenge"


def test_a_burst_is_over_when_it_is_over(world: World) -> None:
    for number in range(BURST_TIPS + 1):
        world.send(number, answers=False)
    assert world.send(HOA, answers=False) == "challenge"
    world.later(BURST_S)
    assert world.send(HOA) == "go"


def test_one_account_meets_more_the_more_it_sends(world: World) -> None:
    met = []
    for _ in range(24):
        met.append(world.send(HOA))
        world.later(60)
    assert met[:6] == ["go"] * 6
    assert met[6:21] == ["challenge"] * 15, "each time, however lately it was passed"
    assert met[21:] == ["wait"] * 3
    assert world.send(HOA + 1) == "go", "others do not pay for it"
    world.later(HOUR_S)
    assert world.send(HOA) == "go"


def test_wrong_presses_cost_time_and_more_each_time(world: World) -> None:
    costs = []
    for _ in range(9):
        world.pace.failed(HOA)
        begun = world.passed_s
        assert world.pace.verdict(HOA, "tip") == "wait"
        while world.pace.verdict(HOA, "tip") == "wait":
            world.later(1)
        costs.append(world.passed_s - begun)
    assert costs == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    world.pace.failed(HOA)
    assert not world.pace.passed(HOA), "a right press right after a wrong one does not count"
    world.later(600)
    assert world.pace.passed(HOA)
    world.pace.failed(HOA)
    world.later(10)
    assert world.pace.passed(HOA), "what is passed is forgiven"


def test_a_guesser_of_one_in_four_gets_few_through(world: World) -> None:
    """700 presses at ten a second, a quarter of them right by chance."""
    chance = random.Random(7)  # noqa: S311
    for number in range(700):
        account = number % 20
        if world.send(account, answers=False) == "challenge":
            if chance.random() < 0.25:
                if world.pace.passed(account):
                    world.note(account)
            else:
                world.pace.failed(account)
        world.later(0.1)
    assert world.sent < 150


def test_a_mute_is_for_one_sender_and_ends_at_midnight(world: World) -> None:
    world.pace.note_tip(HOA, "a" * 32)
    world.pace.note_tip(HOA + 1, "b" * 32)
    world.pace.apply_mutes(["a" * 32, "f" * 32])
    assert world.pace.verdict(HOA, "tip") == "muted"
    assert not world.pace.passed(HOA), "a challenge that was open meanwhile does not help"
    assert world.pace.verdict(HOA, "question") == "go", "whoever is muted may still ask"
    assert world.pace.verdict(HOA + 1, "tip") == "go"
    world.later(15 * HOUR_S - 1)
    assert world.pace.verdict(HOA, "tip") == "muted"
    assert world.pace.today().day == 22
    world.later(1)
    assert world.pace.today().day == 23
    assert world.pace.verdict(HOA, "tip") == "go"
    world.pace.apply_mutes(["a" * 32])
    assert world.pace.verdict(HOA, "tip") == "go", "nobody knows any more who sent it"


def test_a_muted_sender_is_not_freed_by_many_others() -> None:
    pace = Pace(most_accounts=100)
    pace.note_tip(HOA, "a" * 32)
    pace.apply_mutes(["a" * 32])
    for number in range(300):
        pace.verdict(number, "question")
    assert pace.verdict(HOA, "tip") == "muted"


@pytest.mark.parametrize(
    ("what", "at_once", "each_s"), [("question", 40, 1), ("receipt", 10, 30), ("code", 5, 300)]
)
def test_each_thing_has_its_rate_for_each_account(world: World, what, at_once: int, each_s: float) -> None:
    assert [world.pace.verdict(HOA, what) for _ in range(at_once + 2)] == ["go"] * at_once + ["wait"] * 2
    assert world.pace.verdict(HOA + 1, what) == "go"
    world.later(each_s)
    assert [world.pace.verdict(HOA, what) for _ in range(2)] == ["go", "wait"]
    world.later(100 * each_s)
    assert [world.pace.verdict(HOA, what) for _ in range(at_once + 1)] == ["go"] * at_once + ["wait"]


def test_memory_is_bounded() -> None:
    pace = Pace(most_accounts=100)
    for number in range(300):
        pace.verdict(number, "question")
        pace.note_tip(number, f"{number:032x}")
    assert 100 in {len(one) for one in reached(pace) if isinstance(one, dict)}
    for number in range(MOST_TIPS + 10):
        pace.note_tip(1, f"{number:032x}")
    assert max(len(one) for one in reached(pace) if isinstance(one, dict)) == MOST_TIPS


def reached(*roots: object) -> list[object]:
    """Every value that can be reached from *roots*, code and modules aside."""
    seen: dict[int, object] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or callable(one):
            continue
        seen[id(one)] = one
        waiting += gc.get_referents(one)
    return list(seen.values())


def test_no_account_and_no_tip_is_held_in_any_spelling(world: World) -> None:
    tip_id = "0123456789abcdef" * 2
    for what in ("question", "tip", "receipt", "code"):
        world.pace.verdict(HOA, what)
    world.pace.note_tip(HOA, tip_id)
    world.pace.apply_mutes([tip_id])
    world.pace.failed(HOA)
    held = reached(world.pace)
    assert HOA not in [one for one in held if isinstance(one, int | float)]
    raw = "\n".join(map(repr, held)).encode() + b"".join(one for one in held if isinstance(one, bytes))
    raw += repr(world.pace).encode() + repr(dir(world.pace)).encode()
    spelled = (str(HOA), HOA.to_bytes(8, "big"), HOA.to_bytes(8, "little"), tip_id, bytes.fromhex(tip_id))
    for canary in spelled:
        for (needle, has_case), name in needles(canary).items():
            assert needle not in (raw if has_case else raw.lower()), name
    assert len(held) > 20, "the walk goes somewhere"


def test_a_pace_cannot_be_copied_or_written_down(world: World) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(world.pace)
    with pytest.raises(TypeError):
        copy.deepcopy(world.pace)


def test_the_key_is_new_every_day_and_in_every_process(world: World) -> None:
    def names(pace: Pace) -> set[bytes]:
        pace.verdict(HOA, "question")
        return {one for one in reached(pace) if isinstance(one, bytes)}

    first = names(world.pace)
    world.later(24 * HOUR_S)
    second = names(world.pace)
    assert not first & second
    assert not first & names(World().pace)


def test_a_challenge_asks_for_one_of_four_pictures_and_is_never_the_same() -> None:
    asked = [Challenge.new() for _ in range(200)]
    for challenge in asked:
        assert len({option.emoji for option in challenge.options}) == 4
        assert len({option.id for option in challenge.options}) == 4
        (right,) = [option for option in challenge.options if option.id == challenge.right]
        assert PICTURES[challenge.key.removeprefix("pace.picture_")] == right.emoji
        assert text(challenge.key, "vi") != text(challenge.key, "en")
        assert challenge.right not in repr(challenge.key)
    assert len({challenge.right for challenge in asked}) == 200
    places = [[option.id for option in one.options].index(one.right) for one in asked]
    assert {places.count(place) > 20 for place in range(4)} == {True}
    assert len(set(PICTURES.values())) == len(PICTURES)
