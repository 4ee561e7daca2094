"""Trying a workflow and reading its report, as a visitor."""

import zipfile

from playwright.sync_api import expect

from apps.workflows.samples import sample_text
from tests.browser.watching import barriers


def test_chosen_file_is_analysed_at_once(open_page, tmp_path):
    file = tmp_path / "webinar.json"
    file.write_text(sample_text("medium"))
    page = open_page("/")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", level=1)).to_have_text("Webinar follow-up")
    expect(page.get_by_role("img", name="Health score 22 of 100")).to_be_visible()


def test_dropped_file_is_analysed(open_page):
    page = open_page("/")
    data = page.evaluate_handle(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.json", {type: "application/json"}));
          return data;
        }""",
        sample_text("healthy"),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})
    expect(page.get_by_role("img", name="Health score 94 of 100")).to_be_visible()


def test_pasted_text_that_is_wrong_is_explained_and_corrected(open_page, watch):
    watch.expected = {400}
    page = open_page("/")
    page.get_by_label("Or paste the definition").fill('{"nodes": ')
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_role("alert")).to_contain_text("Not valid JSON")
    page.get_by_label("Or paste the definition").fill(sample_text("critical"))
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_role("heading", name="12 issues, in the order to fix them")).to_be_visible()


def test_issue_lights_its_path_and_the_picture_its_issue(open_page):
    page = open_page("/")
    page.get_by_role("button", name="In need of care").click()
    expect(page.get_by_role("heading", name="7 issues, in the order to fix them")).to_be_visible()
    assert barriers(page) == []
    issue = page.locator(".issue").nth(3)
    issue.get_by_role("button", name="Show in the picture").click()
    expect(page.locator(".wd-box.wd-lit")).to_have_count(8)
    assert page.locator(".wd-line.wd-lit").count() == 7
    expect(page.locator(".wd-box.wd-lit").last).to_be_in_viewport()
    issue.get_by_role("button", name="Show in the picture").click()
    expect(page.locator(".wd-lit")).to_have_count(0)
    page.locator("[data-node][data-findings]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".issue[data-chosen]")).to_have_count(1)


def test_picture_zooms_and_moves_by_mouse_and_keyboard(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Broken").click()
    picture = page.locator("[data-picture] svg").first
    boxes = [picture.get_attribute("viewBox")]

    def changed() -> None:
        now = picture.get_attribute("viewBox")
        assert now != boxes[-1]
        boxes.append(now)

    page.get_by_role("button", name="Zoom in").click()
    changed()
    pane = page.locator(".picture-pane")
    pane.focus()
    page.keyboard.press("ArrowDown")
    changed()
    page.keyboard.press("-")
    changed()
    frame = pane.bounding_box()
    assert frame
    page.mouse.move(frame["x"] + 50, frame["y"] + 50)
    page.mouse.down()
    page.mouse.move(frame["x"] + 120, frame["y"] + 90, steps=4)
    page.mouse.up()
    changed()
    page.get_by_role("button", name="Fit").click()
    changed()


def test_issues_are_filtered_and_searched(open_page):
    page = open_page("/")
    page.get_by_role("button", name="In need of care").click()
    shown = page.locator(".issue:visible")
    expect(shown).to_have_count(7)
    page.get_by_label("High", exact=True).uncheck()
    expect(shown).to_have_count(4)
    page.get_by_label("Search the issues").fill("loop")
    expect(shown).to_have_count(1)


def test_file_of_several_workflows_shows_each(open_page, tmp_path):
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("critical", "healthy"):
            archive.writestr(f"{name}.json", sample_text(name))
    page = open_page("/")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="2 workflows in all.zip")).to_be_visible()
    second = page.get_by_role("img", name="Health score 94 of 100")
    expect(second).not_to_be_visible()
    page.get_by_role("link", name="Consultation booked").click()
    expect(second).to_be_visible()


def test_everything_is_there_without_javascript(open_page):
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Or paste the definition").fill(sample_text("medium"))
    page.get_by_role("button", name="Analyse").click()
    expect(page.locator(".issue:visible")).to_have_count(7)
    expect(page.locator("[data-picture] svg")).to_be_visible()
    expect(page.get_by_role("button", name="Show in the picture")).to_have_count(0)


def test_theme_is_chosen_and_kept(open_page):
    page = open_page("/", color_scheme="light")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert page.evaluate(ground) != light
    page.goto("/rules")
    assert page.evaluate(ground) != light


def test_hostile_names_do_nothing(open_page):
    name = "<img src=x onerror=alert(1)>\u202e" + "x" * 10_000
    text = sample_text("medium").replace("Webinar follow-up", name.replace('"', ""))
    text = text.replace("Weekly tip", "</text><script>alert(2)</script>")
    page = open_page("/")
    page.on("dialog", lambda dialog: dialog.accept() or page.evaluate("stop()"))
    page.get_by_label("Or paste the definition").fill(text)
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x")
    width = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


def test_api_documentation_shows_a_call_and_can_be_tried_out(open_page):
    page = open_page("/api/docs")
    page.get_by_text("/api/analyze").first.click()
    expect(page.get_by_text("Appointment reminder").first).to_be_visible()
    page.get_by_role("link", name="try it out").click()
    expect(page.get_by_text("/api/analyze").first).to_be_visible()
