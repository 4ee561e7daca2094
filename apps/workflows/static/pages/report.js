// Filters and searches the issues of a report, and shows an issue's walk in the picture beside it.
for (const report of document.querySelectorAll("[data-report]")) {
  const issues = [...report.querySelectorAll(".issue")];
  const figure = report.querySelector("[data-picture]");

  const form = report.querySelector("[data-filter]");
  if (form) {
    const find = form.querySelector("input[type=search]");
    const levels = [...form.querySelectorAll("input[type=checkbox]")];
    const found = form.querySelector("[data-found]");
    const filter = () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      const shown = new Set(levels.filter((level) => level.checked).map((level) => level.value));
      let count = 0;
      for (const issue of issues) {
        const text = issue.textContent.toLowerCase();
        issue.hidden = !(shown.has(issue.dataset.severity) && words.every((word) => text.includes(word)));
        if (!issue.hidden) count += 1;
      }
      found.textContent = `${count} of ${issues.length} issues shown`;
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  if (!figure) continue;
  const walkOf = (issue) => issue.dataset.path.split("\n").filter(Boolean);
  const choose = (issue) => {
    const again = issue && issue.hasAttribute("data-chosen");
    for (const other of issues) {
      other.removeAttribute("data-chosen");
      other.querySelector("[data-light]")?.setAttribute("aria-pressed", "false");
    }
    if (issue && !again) {
      issue.setAttribute("data-chosen", "");
      issue.querySelector("[data-light]")?.setAttribute("aria-pressed", "true");
    }
    figure.dispatchEvent(new CustomEvent("picture:light", { detail: issue && !again ? walkOf(issue) : [] }));
  };
  for (const issue of issues) {
    const button = issue.querySelector("[data-light]");
    if (!button) continue;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(issue.hasAttribute("data-chosen")));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      choose(issue);
      // On a phone the picture is above the list.
      const frame = figure.getBoundingClientRect();
      if (frame.bottom < 80 || frame.top > innerHeight - 80) figure.scrollIntoView({ block: "nearest" });
    });
  }
  figure.addEventListener("picture:box", (event) => {
    const issue = issues.find((each) => each.dataset.nodes.split("\n").includes(event.detail) && !each.hidden);
    if (!issue) return;
    if (!issue.hasAttribute("data-chosen")) choose(issue);
    issue.scrollIntoView({ block: "nearest" });
  });
}

// The table of a file with several workflows leads to each; a closed one opens.
const open = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", open);
open();
