"""Edge cases of the rules about loops over items, calls in them, and merges."""

import pytest

from tests.workflows.analysis.builders import findings
from tests.workflows.analysis.drawing import all_of, drawn, if_, is_, module, node, scenario, switch

RUNAWAY, STUCK = "batch-loop-runaway", "batch-loop-never-returns"
CALLS, MERGE = "call-in-loop-without-wait", "merge-never-completes"
START, SET, IF = node("manualTrigger"), node("set"), if_(is_("={{ $json.a }}"))
LOOP = node("splitInBatches", 3, options={})


def looped(*wires, loop=LOOP, **more):
    nodes = {"T": START, "L": loop, "A": SET, "B": SET, "If": IF, "M": LOOP} | more
    return drawn(nodes, "T > L", *wires)


def ids(document, rule_id):
    return [list(finding.node_ids) for finding in findings(document, rule_id)]


# -- batch-loop-runaway --------------------------------------------------------------------


@pytest.mark.parametrize(
    "wires",
    [
        ("L.0 > B", "L.1 > A", "A > L", "B > L"),
        ("L.0 > L", "L.1 > A", "A > L"),
        ("L.0 > A", "A > L"),
        ("L.0 > If", "If.0 > L", "L.1 > A", "A > L"),
    ],
    ids=["through a step", "at once", "outputs swapped", "under a condition"],
)
def test_a_done_output_that_leads_back_is_one_finding(wires):
    ((first, *_),) = ids(looped(*wires), RUNAWAY)
    assert first == "L"
    assert ids(looped(*wires), STUCK) == []


def test_the_done_output_of_version_2_is_the_second():
    loop = node("splitInBatches", 2)
    assert ids(looped("L.0 > A", "A > L", "L.1 > B", "B > L", loop=loop), RUNAWAY) == [["L", "B"]]
    assert ids(looped("L.0 > A", "A > L", "L.1 > B", loop=loop), RUNAWAY) == []


def test_the_finding_shows_the_way_back():
    (finding,) = findings(looped("L.0 > B", "L.1 > A", "A > L", "B > L"), RUNAWAY)
    assert finding.path == ("T", "L", "B", "L")


@pytest.mark.parametrize(
    "document",
    [
        looped("L.0 > B", "L.1 > A", "A > L"),
        looped("L.1 > M", "M.0 > L", "M.1 > A", "A > M"),
        looped("L.0 > L", "L.1 > A"),
        looped("L.0 > B", "L.1 > A", "A > L", "B > L", loop={**LOOP, "disabled": True}),
        looped("L > A", "A > If", "If.1 > L", loop=node("splitInBatches", 1)),
    ],
    ids=["sound", "nested", "lets one batch through", "disabled", "version 1"],
)
def test_a_sound_loop_does_not_run_away(document):
    assert ids(document, RUNAWAY) == []


@pytest.mark.parametrize("reset", [True, "={{ $json.isNewPage }}"])
def test_a_reset_within_an_outer_loop_is_on_purpose(reset):
    loop = node("splitInBatches", 3, options={"reset": reset})
    wires = ("L.0 > If", "If.0 > B", "B > L", "L.1 > A", "A > L")
    assert ids(looped(*wires, loop=loop), RUNAWAY) == []


@pytest.mark.parametrize("reset", [True, False, "yes", 1])
def test_a_reset_without_anything_that_could_end_the_outer_loop_is_no_excuse(reset):
    loop = node("splitInBatches", 3, options={"reset": reset})
    assert ids(looped("L.0 > B", "B > L", "L.1 > A", "A > L", loop=loop), RUNAWAY) == [["L", "B"]]


# -- batch-loop-never-returns --------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (looped("L.0 > B", "L.1 > A"), [["L", "A"]]),
        (looped("L.0 > B"), [["L"]]),
        (looped("L.0 > L", "L.1 > A"), [["L", "A"]]),
        (looped("L > A", loop=node("splitInBatches", 1)), [["L", "A"]]),
        (looped("L.0 > B", "L.1 > M", "M.0 > L", "M.1 > A"), [["M", "A"]]),
    ],
    ids=["body ends", "no body", "only done", "version 1", "inner loop"],
)
def test_a_loop_output_that_never_comes_back_is_reported(document, expected):
    assert ids(document, STUCK) == expected


@pytest.mark.parametrize(
    "document",
    [
        looped("L.0 > B", "L.1 > A", "A > L"),
        looped("L.1 > L"),
        looped("L.1 > If", "If.0 > L", "If.1 > B"),
        looped("L.1 > A", "A > gone"),
        looped(),
        looped("L.1 > A", loop={**LOOP, "disabled": True}),
        looped("L.1 > A", loop={**LOOP, "typeVersion": None}),
    ],
    ids=["sound", "at once", "one branch", "dangling", "unwired", "disabled", "no version"],
)
def test_a_loop_that_comes_back_is_silent(document):
    assert ids(document, STUCK) == []


# -- call-in-loop-without-wait -------------------------------------------------------------

CALL = node("httpRequest", 4.2, url="https://crm.acme-tools.com")
BODY = ("L.1 > C", "C > A", "A > L")


def test_a_call_in_the_body_of_a_loop_is_reported():
    assert ids(looped(*BODY, C=CALL), CALLS) == [["C", "L"]]


def test_several_calls_of_one_loop_are_one_finding():
    assert ids(looped(*BODY, C=CALL, A=CALL), CALLS) == [["C", "A", "L"]]


@pytest.mark.parametrize(
    "document",
    [
        looped(*BODY, C=CALL, A=node("wait", 1.1, amount=1)),
        looped(
            *BODY, C=node("httpRequest", 4.2, options={"batching": {"batch": {"batchSize": 1}}})
        ),
        looped(*BODY, C=node("httpRequest", 2, options={"batchInterval": 1000})),
        looped(*BODY, C={**CALL, "disabled": True}),
        looped(*BODY, C=SET),
        looped("L.0 > C", "L.1 > A", "A > L", C=CALL),
        looped("L.1 > A", "A > L", C=CALL),
    ],
    ids=["wait", "batching", "old batching", "disabled", "no call", "after the loop", "elsewhere"],
)
def test_a_loop_with_a_pause_or_without_a_call_is_silent(document):
    assert ids(document, CALLS) == []


def test_a_wait_of_no_length_is_no_pause():
    assert ids(looped(*BODY, C=CALL, A=node("wait", 1.1, amount=0)), CALLS) == [["C", "L"]]


HTTP, EACH = module(9, "http:ActionSendData"), module(2, "builtin:BasicFeeder")
GATHER = module(5, "builtin:BasicAggregator", parameters={"feeder": 2})


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        ([EACH, HTTP], [["9", "2"]]),
        ([EACH, module(3, "builtin:BasicFeeder"), HTTP], [["9", "2"]]),
        ([EACH, module(3, "util:FunctionSleep", mapper={"duration": "1"}), HTTP], []),
        ([EACH, module(3, "util:FunctionSleep", mapper={"duration": "0"}), HTTP], [["9", "2"]]),
        ([EACH, GATHER, HTTP], []),
        ([EACH, HTTP, GATHER], [["9", "2"]]),
        ([HTTP], []),
    ],
    ids=["call", "nested", "sleep", "no sleep", "gathered", "gathered late", "no loop"],
)
def test_calls_for_every_item_of_a_make_iterator_are_reported(modules, expected):
    document = scenario(module(1, "gateway:CustomWebHook"), *modules)
    assert ids(document, CALLS) == expected


# -- merge-never-completes -----------------------------------------------------------------

COMBINE = node("merge", 3, mode="combine", combineBy="combineByPosition")
FORK = ("T > If", "If.0 > A", "If.1 > B", "A > G.0", "B > G.1")


def merged(*wires, gather=COMBINE, **more):
    return drawn({"T": START, "If": IF, "A": SET, "B": SET, "C": SET, "G": gather} | more, *wires)


@pytest.mark.parametrize(
    "gather",
    [
        COMBINE,
        node("merge", 3.2, mode="combine"),
        node("merge", 3, mode="chooseBranch"),
        node("merge", 2.1, mode="combine", combinationMode="multiplex"),
        node("merge", 1, mode="wait"),
    ],
)
def test_a_merge_that_waits_for_both_branches_of_an_if_is_reported(gather):
    assert ids(merged(*FORK, gather=gather), MERGE) == [["G", "If"]]


@pytest.mark.parametrize(
    "gather",
    [
        node("merge", 3),
        node("merge", 3, mode="append"),
        node("merge", 3, mode="combineBySql"),
        node("merge", 3, mode="combine", options={"includeUnpaired": True}),
        node("merge", 3, mode="combine", joinMode="keepEverything"),
        node("merge", 3, mode="={{ $json.mode }}"),
        node("merge", 3, mode=["combine"]),
        {**COMBINE, "disabled": True},
    ],
)
def test_a_merge_that_takes_what_comes_is_silent(gather):
    assert ids(merged(*FORK, gather=gather), MERGE) == []


@pytest.mark.parametrize(
    "wires",
    [
        ("T > If", "If.0 > A", "T > B", "A > G.0", "B > G.1"),
        ("T > If", "If.0 > A", "If.1 > B", "A > C", "B > C", "C > G.0", "T > G.1"),
        ("T > If", "If.0 > A", "If.0 > B", "A > G.0", "B > G.1"),
        ("T > If", "If.0 > A", "If.1 > B", "A > G.0", "B > G.0"),
        ("T > If", "If.0 > A", "If.1 > B", "A > G.0", "B > G.1", "T > G.1"),
        ("T > If", "If.0 > C", "If.1 > C", "C > A", "C > B", "A > G.0", "B > G.1"),
    ],
    ids=[
        "unconditional beside a branch",
        "rejoined before",
        "one branch forked",
        "one input",
        "input also fed always",
        "rejoined, then forked",
    ],
)
def test_inputs_that_can_both_be_filled_are_silent(wires):
    assert ids(merged(*wires), MERGE) == []


def test_branches_of_a_switch_exclude_each_other_unless_all_may_match():
    rules = [all_of(is_("={{ $json.a }}", value)) for value in "xyz"]
    wires = ("T > S", "S.0 > A", "S.2 > B", "A > G.0", "B > G.1")
    assert ids(merged(*wires, S=switch(*rules)), MERGE) == [["G", "S"]]
    every = switch(*rules, options={"allMatchingOutputs": True})
    assert ids(merged(*wires, S=every), MERGE) == []


def test_a_call_either_succeeds_or_fails():
    call = node("httpRequest", 4.2, url="https://crm.acme-tools.com", onError="continueErrorOutput")
    wires = ("T > C", "C.0 > A", "C.1 > B", "A > G.0", "B > G.1")
    assert ids(merged(*wires, C=call), MERGE) == [["G", "C"]]


def test_a_deeper_branch_is_still_exclusive():
    inner = {"If2": IF, "D": SET}
    wires = ("T > If", "If.0 > If2", "If2.0 > A", "If2.1 > D", "A > G.0", "If.1 > B", "B > G.1")
    assert ids(merged(*wires, **inner), MERGE) == [["G", "If"]]


def test_a_merge_in_the_body_of_a_loop_is_looked_at_for_one_turn():
    wires = ("T > L", "L.1 > If", "If.0 > A", "If.1 > B", "A > G.0", "B > G.1", "G > L")
    assert ids(merged(*wires, L=LOOP), MERGE) == [["G", "If"]]


def test_what_is_decided_anew_in_every_turn_of_another_loop_is_silent():
    wires = ("T > If", "If.0 > A", "If.1 > B", "B > If", "A > G.0", "B > G.1")
    assert ids(merged(*wires), MERGE) == []


def test_what_is_decided_in_the_body_says_nothing_about_what_comes_after_the_loop():
    body = ("T > L", "L.1 > If", "If.0 > L", "If.1 > B", "B > L")
    assert ids(merged(*body, "L.0 > A", "A > G.0", "B > G.1", L=LOOP), MERGE) == []


def test_many_branches_in_a_row_are_followed_in_linear_time():
    count = 3_000
    nodes = {"T": START, "G": COMBINE} | {f"I{n}": IF for n in range(count)}
    wires = ["T > I0", *(f"I{n}.0 > I{n + 1}" for n in range(count - 1))]
    wires += [f"I{count - 1}.0 > G.0", f"I{count - 1}.1 > G.1"]
    assert ids(drawn(nodes, *wires), MERGE) == [["G", f"I{count - 1}"]]
