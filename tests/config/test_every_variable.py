"""Each variable by itself: missing, wrong, and from a file."""

from dataclasses import fields

import pytest

from config import env

KEY = "k" * 40
VARIABLES = {
    each.name.upper(): each for each in fields(env.Environment) if "parse" in each.metadata
}
#: A word that no variable with a form of its own takes; the rest are free text and lists of it.
NONSENSE = "\x00no such thing/…"
FREE = {
    "parse": {"text", "items"},
}
WITH_A_FORM = [
    name
    for name, each in VARIABLES.items()
    if each.metadata["parse"].__name__ not in FREE["parse"] and name != "EMAIL_URL"
]


def read(**source: str) -> env.Environment:
    return env.read({"SECRET_KEY": KEY, **source})


def test_most_variables_have_a_form():
    assert len(WITH_A_FORM) > len(VARIABLES) / 3


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("value", [None, "", "   "], ids=["missing", "empty", "blank"])
def test_missing_one_is_its_default(name, value):
    source = {} if value is None else {name: value}
    default = getattr(env.Environment(), name.lower())
    environment = env.read(source)
    assert getattr(environment, name.lower()) == default
    assert [each.name for each in environment.problems] == ["SECRET_KEY"]


@pytest.mark.parametrize("name", WITH_A_FORM)
def test_wrong_one_is_one_problem_with_its_fix_and_keeps_the_default(name):
    environment = read(**{name: NONSENSE})
    (problem,) = environment.problems
    assert problem.name == name
    assert problem.what
    assert problem.fix
    assert not problem.serving_only
    assert getattr(environment, name.lower()) == getattr(env.Environment(), name.lower())


@pytest.mark.parametrize("name", ["EMAIL_URL", *WITH_A_FORM])
def test_wrong_one_stops_every_command(name, monkeypatch):
    monkeypatch.setenv("ENV_FILE", "")
    for each in VARIABLES:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "nonsense://[")
    with pytest.raises(SystemExit, match=name):
        env.load()


@pytest.mark.parametrize("name", VARIABLES)
def test_secret_of_a_wrong_one_is_not_shown(name):
    if VARIABLES[name].metadata["secret"]:
        told = " ".join(str(each) for each in read(**{name: "hunter2-is-wrong://["}).problems)
        assert "hunter2" not in told


@pytest.mark.parametrize("name", VARIABLES)
def test_each_can_come_from_a_file(tmp_path, name):
    (tmp_path / "value").write_text("")
    environment = env.read({f"{name}_FILE": str(tmp_path / "value")})
    assert {each.name for each in environment.problems} <= {"SECRET_KEY"}


@pytest.mark.parametrize("name", VARIABLES)
def test_file_that_is_gone_is_told_for_each(name):
    source = {"SECRET_KEY": KEY} if name != "SECRET_KEY" else {}
    found = {each.name for each in env.read({**source, f"{name}_FILE": "/nowhere"}).problems}
    assert found == {f"{name}_FILE"}
