from scheduler.model import Event, Rules
from scheduler.strategies.allocation import Allocation, allocate
from scheduler.strategies.instance import build_instance
from tests.scheduler.events import make_company, make_event, make_room, pin, yes


def allocation_of(event: Event, held: tuple[int, ...] | None = None) -> Allocation:
    return allocate(build_instance(event), held=held)


def test_allocation_fills_the_only_places_with_the_best_wishes() -> None:
    event = make_event(
        ["s1", "s2", "s3"],
        ["c1"],
        {"s1": ["c1"], "s2": ["c1"], "s3": ["c1"]},
        slots=2,
        shortlist=[yes("c1", "s3")],
        rules=Rules(guaranteed_meetings_per_student=0),
    )
    found = allocation_of(event)
    assert found.preferences == 100 + 100 + 50
    assert len(found.pairs) == 2


def test_guarantee_comes_before_points() -> None:
    # s1 could have both places at c1 and c2 (180 points); s2 wants only c2, as its second wish
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2", "c3"],
        {"s1": ["c2", "c1"], "s2": ["c3", "c2"]},
        slots=1,
        rules=Rules(guaranteed_meetings_per_student=1),
    )
    assert allocation_of(event).guaranteed == (2,)


def test_second_meetings_count_after_first_ones() -> None:
    # two places: s1 and s2 get one each although s1 alone could have two
    event = make_event(["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c1"]}, slots=1)
    assert allocation_of(event).guaranteed == (2, 0)


def test_company_minimum_comes_before_points() -> None:
    event = make_event(
        ["s1"],
        [make_company("c1"), make_company("c2", min_meetings=1)],
        {"s1": ["c1", "c2"]},
        slots=1,
    )
    found = allocation_of(event)
    assert (found.company_minimum, found.preferences) == (1, 80)


def test_company_minimum_counts_up_to_the_minimum_only() -> None:
    event = make_event(["s1", "s2"], [make_company("c1", min_meetings=1)], slots=2)
    assert allocation_of(event).company_minimum == 1


def test_pins_are_chosen_and_counted() -> None:
    event = make_event(
        ["s1"],
        [make_company("c1", min_meetings=1), make_company("c2")],
        {"s1": ["c2"]},
        slots=1,
        decisions=[pin("s1", "c1")],
    )
    found = allocation_of(event)
    assert (found.guaranteed, found.company_minimum, found.preferences) == ((1, 0), 1, 0)


def test_tight_room_limits_the_sum_over_its_companies() -> None:
    event = make_event(
        ["s1", "s2", "s3"],
        ["c1", "c2", "c3"],
        rooms=[make_room(capacity=1)],
        slots=2,
        rules=Rules(guaranteed_meetings_per_student=0),
    )
    assert len(allocation_of(event).pairs) == 2


def test_empty_places_are_filled_with_unranked_pairs() -> None:
    event = make_event(["s1", "s2"], ["c1"], {}, slots=2, rules=Rules(offer_unranked=True))
    assert len(allocation_of(event).pairs) == 2


def test_places_are_filled_where_wishes_have_no_points() -> None:
    rules = Rules(guaranteed_meetings_per_student=0, rank_weights=(5, 0, 0))
    event = make_event(["s1", "s2", "s3"], ["c1", "c2", "c3"], slots=3, rules=rules)
    assert len(allocation_of(event).pairs) == 9


def test_held_entries_bound_what_is_below_them() -> None:
    # guarantee 1: giving s2 its only wish costs s1 its first choice
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        {"s1": ["c1", "c2"], "s2": ["c2", "c1"]},
        slots=1,
        rules=Rules(guaranteed_meetings_per_student=1),
    )
    assert allocation_of(event).preferences == 200
    assert allocation_of(event, held=(1,)).preferences >= 100


def test_event_without_wishes_has_an_empty_allocation() -> None:
    found = allocation_of(make_event(["s1"], ["c1"], {}))
    assert (found.pairs, found.guaranteed, found.preferences) == ((), (0, 0), 0)


def test_weights_are_as_large_as_they_like_where_they_share_a_factor() -> None:
    """Two first wishes and, worth nothing, two second ones fill four places."""
    event = make_event(
        ["s1", "s2", "s3"],
        ["c1", "c2"],
        {"s1": ["c1", "c2"], "s2": ["c1", "c2"], "s3": ["c2", "c1"]},
        rules=Rules(rank_weights=(10**17, 0)),
        slots=2,
    )
    found = allocation_of(event)
    assert (len(found.pairs), found.preferences) == (4, 3 * 10**17)
