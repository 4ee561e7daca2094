// Keeps a running scan's progress up to date, and shows the result once it is there.
const scan = document.querySelector("[data-scan]");
if (scan) {
  const bar = scan.querySelector("[data-bar]");
  const words = scan.querySelector("[data-words]");
  const state = document.querySelector("[data-state]");
  let pause = 1000;

  const left = (seconds) => {
    if (seconds === null) return "";
    return seconds < 90 ? `, about ${Math.max(1, Math.round(seconds))} s left` : `, about ${Math.round(seconds / 60)} min left`;
  };
  const look = async () => {
    if (document.hidden) { setTimeout(look, 1000); return; }
    try {
      const answer = await fetch(`/api/scans/${scan.dataset.scan}`, { headers: { Accept: "application/json" } });
      if (answer.status === 429) {
        pause = 1000 * Number(answer.headers.get("Retry-After") || 10);
      } else if (answer.ok) {
        const { data } = await answer.json();
        if (!["queued", "running"].includes(data.state)) { location.reload(); return; }
        state.textContent = data.state[0].toUpperCase() + data.state.slice(1);
        bar.max = data.total || 1;
        bar.value = data.done + data.failed;
        words.textContent = `${data.done + data.failed} of ${data.total} workflows${data.failed ? `, ${data.failed} failed` : ""}${left(data.etaSeconds)}`;
        pause = Math.min(5000, pause * 1.2);
      } else if (answer.status < 500) {
        location.reload();
        return;
      }
    } catch { /* offline for a moment: the next look may find more */ }
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
