"""The page about the settings says what the code does."""

from config import env, reference


def test_page_is_what_the_code_would_write():
    written = reference.PATH.read_text(encoding="utf-8")
    assert written == reference.render(), "run `make docs`"


def test_page_names_every_variable():
    page = reference.render()
    assert all(f"| `{name}` |" in page for name in env.variables())


def test_page_shows_no_secret_default():
    assert "MCowBQYDK2VwAyEA" not in reference.render()
