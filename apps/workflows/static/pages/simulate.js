// Lets a person watch a walk step by step: the list and the picture show how far it has come.
const walk = document.querySelector("[data-walk]");
const player = walk?.querySelector("[data-player]");
if (player) {
  const steps = [...walk.querySelectorAll(".timeline li")];
  const figure = walk.querySelector("[data-picture]");
  const place = player.querySelector("[data-place]");
  const play = player.querySelector("[data-play]");
  let now = -1;
  let timer = 0;

  const show = (next) => {
    now = Math.max(0, Math.min(steps.length - 1, next));
    steps.forEach((step, index) => {
      step.toggleAttribute("data-now", index === now);
      step.toggleAttribute("data-later", index > now);
    });
    place.textContent = `${now + 1} of ${steps.length}`;
    const passed = steps.slice(0, now + 1).map((step) => step.dataset.step).filter(Boolean);
    figure.dispatchEvent(new CustomEvent("picture:light", { detail: passed }));
    const frame = steps[now].getBoundingClientRect();
    if (frame.top < 0 || frame.bottom > innerHeight) steps[now].scrollIntoView({ block: "center" });
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };

  player.hidden = false;
  for (const button of player.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => { stop(); show(now + Number(button.dataset.go)); });
  }
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (now >= steps.length - 1) now = -1;
    play.textContent = "Pause";
    show(now + 1);
    timer = setInterval(() => {
      if (now >= steps.length - 1) stop(); else show(now + 1);
    }, 900);
  });
  for (const [index, step] of steps.entries()) step.addEventListener("click", () => { stop(); show(index); });
}
