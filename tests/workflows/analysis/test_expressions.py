"""Which steps expressions and code read by name."""

import time

import pytest

from apps.workflows.analysis.facts.expressions import Reference, references
from apps.workflows.platforms import REGISTRY, open_document
from tests.workflows.analysis.builders import n8n


def refs(parameters, kind="set", **node):
    step = {"id": "1", "name": "Reader", "type": f"n8n-nodes-base.{kind}", **node}
    bundle = open_document(n8n([{**step, "parameters": parameters}], {}))
    found = references(REGISTRY[bundle.platform].translate(bundle.sources[0]))
    return [ref for step_refs in found.values() for ref in step_refs]


def read(text):
    return [ref.name for ref in refs({"value": text})]


def in_code(code):
    return [ref.name for ref in refs({"jsCode": code}, "code")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("={{ $('A b').item.json.x }}", ["A b"]),
        ('={{ $("A").first().json.x }}', ["A"]),
        ("={{ $(`A`).all() }}", ["A"]),
        ("={{ $node['A'].json.x }} and {{ $node[\"B\"].json }}", ["A", "B"]),
        ("={{ $node.Web_hook.json.x }}", ["Web_hook"]),
        ("={{ $items('A', 0)[0].json }}", ["A"]),
        ("={{ $item(0).$node['A'].json.x }}", ["A"]),
        (r"={{ $('Bob\'s order').item.json.x }}", ["Bob's order"]),
        (r'={{ $("a \"b\"").item.json.x }}', ['a "b"']),
        (r"={{ $('caf\u00e9').item }}", ["café"]),
        ("={{ `${$('A').item.json.x}` }}", ["A"]),
        ("={{ {...$('A').item.json} }}", ["A"]),
        ("={{ $json.a.replace(/\"/g, $('A').item.json.x) }}", ["A"]),
    ],
)
def test_every_way_to_read_a_step_is_seen(text, names):
    assert read(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "{{ $('A').item.json.x }}",  # no expression without the sign
        "=Ask $('A') about it",  # text beside the braces
        "={{ '$(\\'A\\')' }}",
        "={{ /* $('A') */ 1 }}",
        "={{ $('A' + $json.n).item }}",  # put together at run time
        "={{ $($json.name).item }}",
        "={{ $(`Step ${$json.n}`).item }}",
        "={{ $node[$json.name].json }}",
        "={{ $json['$node'] }}",
        "={{ my$('A') }}",
        "=\\{{ $('A') }}",
        "={{ $('A').item",  # never closed
        "={{ `$('A')` }}",
    ],
)
def test_what_reads_no_step_by_name_is_left_alone(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("return $('A').all();", ["A"]),
        ("// $('B')\nreturn $input.all()", []),
        ("/* $('B')\n */ return $items('A')", ["A"]),
        ("const text = \"$('B')\"; return $('A').all()", ["A"]),
        ("const u = 'http://x.y'; return $('A').all()", ["A"]),
        ("const $ = cheerio.load(html); $('h1').text()", []),
        ("const $ = cheerio.load(html); return $node['A'].json", ["A"]),
        ("pages.map(($) => $('h1').text())", []),
        ("await $page.$('h1')", []),
        ("const a = `x ${ {b: $('A').first()}.b } $('no')`; $('C')", ["A", "C"]),
    ],
)
def test_code_is_read_without_its_comments_and_texts(code, names):
    assert in_code(code) == names


def test_only_the_code_of_the_chosen_language_counts():
    python = {"language": "python", "pythonCode": "# _('C')\nreturn _('A')", "jsCode": "$('B')"}
    assert [ref.name for ref in refs(python, "code")] == ["A"]
    assert refs({"pythonCode": "_('A')", "jsCode": "return []"}, "code") == []


def test_pages_and_queries_need_no_sign():
    assert [r.name for r in refs({"html": "<b>{{ $('A').item.json.x }}</b>"}, "html")] == ["A"]
    query = {"operation": "executeQuery", "query": "SELECT '{{ $('A').item.json.x }}'"}
    assert [r.name for r in refs(query, "postgres", typeVersion=2.5)] == ["A"]


def test_a_test_whether_a_step_ran_is_told_apart():
    text = "={{ $('A').isExecuted ? 1 : $('B').item.json.x }}"
    assert refs({"v": {"w": [text]}}) == [
        Reference("v.w[0]", "A", is_test=True),
        Reference("v.w[0]", "B"),
    ]


def test_disabled_steps_and_notes_read_nothing():
    assert refs({"value": "={{ $('A').item }}"}, disabled=True) == []
    assert refs({"content": "={{ $('A').item }}"}, "stickyNote") == []


def make_reads(text):
    flow = [{"id": 1, "module": "http:ActionSendData", "mapper": {"url": text}}]
    bundle = open_document({"name": "S", "flow": flow, "metadata": {}})
    found = references(REGISTRY[bundle.platform].translate(bundle.sources[0]))
    return [ref.name for step_refs in found.values() for ref in step_refs]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{3.name}}", ["3"]),
        ("{{3.`0`}} {{12.items[].x}}", ["3", "12"]),
        ('{{formatDate(3.date; "4.x")}}', ["3"]),
        ("{{1.5 * 2}}", []),
        ("{{3.`7.name`}}", ["3"]),
        ("7.name", []),
        ("{{now}} {{var.organization.id}}", []),
        ("{{a3.x}}", []),
    ],
)
def test_modules_of_make_are_read_by_number(text, names):
    assert make_reads(text) == names


@pytest.mark.parametrize(
    "evil",
    [
        '$("' * 40_000,
        "$('\\'" * 40_000,
        "`${" * 40_000,
        "/*" * 40_000,
        "(/[" * 40_000,
        "$(" + " " * 100_000,
        "'" + "\\" * 100_001,
    ],
)
def test_hostile_code_takes_linear_time(evil):
    started = time.perf_counter()
    in_code(evil + "$('")
    assert time.perf_counter() - started < 2
