// Takes a dropped file, and sends the form as soon as a file is chosen.
for (const form of document.querySelectorAll("[data-try]")) {
  const zone = form.querySelector("[data-drop]");
  const input = form.querySelector("input[type=file]");
  const over = (is) => { is ? zone.setAttribute("data-over", "") : zone.removeAttribute("data-over"); };
  zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit(form.querySelector("button:not([name])"));
  });
  input.addEventListener("change", () => {
    if (input.files.length) form.requestSubmit(form.querySelector("button:not([name])"));
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    // After the submission has taken its values: a disabled button is not sent.
    setTimeout(() => {
      for (const each of form.querySelectorAll("button")) each.disabled = true;
      if (button && !button.name) button.textContent = "Analysing …";
    });
  });
  // Coming back by the browser's back button finds a form that works.
  addEventListener("pageshow", () => {
    for (const each of form.querySelectorAll("button")) each.disabled = false;
    const main = form.querySelector("button:not([name])");
    if (main.textContent.startsWith("Analysing")) main.textContent = "Analyse";
    input.value = "";
  });
}
