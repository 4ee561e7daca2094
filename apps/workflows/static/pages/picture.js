// Brings pictures to life: zoom, pan, unfold, and a walk lit on request.
// Without this script a picture is shown whole and scrolls.
const STEP = 1.25;
const READABLE = 0.75; // pixels on the screen per pixel of the picture

class View {
  constructor(figure) {
    this.figure = figure;
    this.pane = figure.querySelector(".picture-pane");
    this.svg = this.pane.querySelector("svg");
    const box = this.svg.viewBox.baseVal;
    this.whole = { x: box.x, y: box.y, width: box.width, height: box.height };
    figure.setAttribute("data-live", "");
    this.svg.removeAttribute("width");
    this.svg.removeAttribute("height");
    for (const tools of figure.querySelectorAll("[data-tools]")) tools.hidden = false;
    this.shrink();
    this.begin();
    this.listen();
  }

  // A small picture needs no large frame.
  shrink() {
    const width = this.pane.clientWidth || 1;
    const wanted = Math.ceil(this.whole.height * Math.min(1, width / this.whole.width));
    if (wanted < this.pane.clientHeight) this.pane.style.height = `${Math.max(wanted, 160)}px`;
  }

  get scale() { return this.pane.clientWidth / this.box.width; }

  show(box) {
    this.box = box;
    this.svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  }

  // The whole picture, at most in its own size.
  fit() {
    const ratio = this.pane.clientHeight / this.pane.clientWidth;
    const width = Math.max(this.whole.width, this.whole.height / ratio, this.pane.clientWidth);
    this.show({ x: this.whole.x + (this.whole.width - width) / 2, y: this.whole.y, width, height: width * ratio });
  }

  // The whole picture if its words can be read then, else its beginning.
  begin() {
    this.fit();
    if (this.scale < READABLE) this.look(this.whole.x + this.whole.width / 2, 0, READABLE);
  }

  look(x, top, scale) {
    const width = this.pane.clientWidth / scale;
    this.show({ x: x - width / 2, y: top, width, height: this.pane.clientHeight / scale });
  }

  zoom(factor, at) {
    const next = Math.min(4, Math.max(0.05, this.scale * factor));
    const { x, y, width, height } = this.box;
    const spot = at || { x: x + width / 2, y: y + height / 2 };
    const grown = this.scale / next;
    this.show({
      x: spot.x - (spot.x - x) * grown, y: spot.y - (spot.y - y) * grown,
      width: width * grown, height: height * grown,
    });
  }

  move(dx, dy) { this.show({ ...this.box, x: this.box.x + dx, y: this.box.y + dy }); }

  spot(event) {
    const frame = this.pane.getBoundingClientRect();
    return { x: this.box.x + (event.clientX - frame.left) / this.scale, y: this.box.y + (event.clientY - frame.top) / this.scale };
  }

  listen() {
    const { pane, figure } = this;
    figure.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-zoom]");
      if (!tool) return;
      if (tool.dataset.zoom === "fit") this.fit();
      else this.zoom(tool.dataset.zoom === "in" ? STEP : 1 / STEP);
    });
    pane.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // else the page could not be scrolled
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, this.spot(event));
    }, { passive: false });
    pane.addEventListener("keydown", (event) => {
      if (event.target !== pane && event.key.startsWith("Arrow") === false) return;
      const by = 60 / this.scale;
      const does = {
        ArrowLeft: () => this.move(-by, 0), ArrowRight: () => this.move(by, 0),
        ArrowUp: () => this.move(0, -by), ArrowDown: () => this.move(0, by),
        "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), 0: () => this.fit(),
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
    this.drag();
    addEventListener("resize", () => this.begin());
    figure.addEventListener("picture:light", (event) => this.light(event.detail));
    this.boxes();
  }

  drag() {
    const { pane, figure } = this;
    let last = null;
    let moved = 0;
    pane.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      last = { x: event.clientX, y: event.clientY };
      moved = 0;
    });
    pane.addEventListener("pointermove", (event) => {
      if (!last) return;
      moved += Math.abs(event.clientX - last.x) + Math.abs(event.clientY - last.y);
      if (moved > 4 && !pane.hasPointerCapture(event.pointerId)) {
        pane.setPointerCapture(event.pointerId);
        figure.setAttribute("data-dragging", "");
      }
      this.move((last.x - event.clientX) / this.scale, (last.y - event.clientY) / this.scale);
      last = { x: event.clientX, y: event.clientY };
    });
    const end = () => { last = null; figure.removeAttribute("data-dragging"); };
    pane.addEventListener("pointerup", end);
    pane.addEventListener("pointercancel", end);
    pane.addEventListener("lostpointercapture", end);
    this.wasDragged = () => moved > 4;
  }

  // A box with findings shows them; a fold opens.
  boxes() {
    const choose = (box) => {
      if (box.classList.contains("wd-fold") && this.figure.dataset.unfold !== undefined) {
        const url = new URL(location.href);
        url.searchParams.append("open", box.dataset.node);
        url.hash = "picture";
        location.assign(url);
      } else {
        this.figure.dispatchEvent(new CustomEvent("picture:box", { bubbles: true, detail: box.dataset.node }));
      }
    };
    for (const box of this.svg.querySelectorAll("[data-node]")) {
      const opens = box.classList.contains("wd-fold") && this.figure.dataset.unfold !== undefined;
      if (!opens && !box.dataset.findings) continue;
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", "0");
      box.setAttribute("data-chooses", "");
      box.addEventListener("click", () => { if (!this.wasDragged()) choose(box); });
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(box);
      });
    }
  }

  // Lights a walk, given as step ids; nothing puts the light out.
  light(walk) {
    for (const lit of this.svg.querySelectorAll(".wd-lit")) lit.classList.remove("wd-lit");
    const pairs = new Set(walk.slice(1).map((id, index) => JSON.stringify([walk[index], id])));
    const boxes = [...this.svg.querySelectorAll("[data-node]")].filter((box) => walk.includes(box.dataset.node));
    for (const box of boxes) box.classList.add("wd-lit");
    for (const line of this.svg.querySelectorAll("[data-source]")) {
      if (pairs.has(JSON.stringify([line.dataset.source, line.dataset.target]))) line.classList.add("wd-lit");
    }
    this.svg.classList.toggle("wd-has-trail", boxes.length > 0);
    if (boxes.length) this.see(boxes);
  }

  // Moves just so far that these boxes are seen; the end of a walk that is too long wins.
  see(boxes) {
    const matrix = this.svg.getScreenCTM().inverse();
    const spots = boxes.map((box) => {
      const frame = box.getBoundingClientRect();
      const from = new DOMPoint(frame.left, frame.top).matrixTransform(matrix);
      const to = new DOMPoint(frame.right, frame.bottom).matrixTransform(matrix);
      return { left: from.x, top: from.y, right: to.x, bottom: to.y };
    });
    const left = Math.min(...spots.map((spot) => spot.left)) - 30;
    const right = Math.max(...spots.map((spot) => spot.right)) + 30;
    const top = Math.min(...spots.map((spot) => spot.top)) - 30;
    const bottom = Math.max(...spots.map((spot) => spot.bottom)) + 30;
    const scale = Math.min(1, this.pane.clientWidth / (right - left), this.pane.clientHeight / (bottom - top));
    if (scale >= READABLE * 0.6) {
      const height = this.pane.clientHeight / scale;
      this.look((left + right) / 2, top - Math.max(0, (height - (bottom - top)) / 2), scale);
    } else {
      const end = spots.reduce((low, spot) => (spot.bottom > low.bottom ? spot : low));
      this.look((end.left + end.right) / 2, end.bottom + 40 - this.pane.clientHeight / READABLE, READABLE);
    }
  }
}

for (const figure of document.querySelectorAll("[data-picture]")) {
  if (!figure.querySelector("svg")) continue;
  // One inside a closed <details> has no size yet.
  const closed = figure.closest("details:not([open])");
  if (closed) closed.addEventListener("toggle", () => new View(figure), { once: true });
  else new View(figure);
}
