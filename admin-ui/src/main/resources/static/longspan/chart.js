// A loss curve that grows while its run goes on. It takes the place of the drawing that came with
// the page once it has points; the steps that are shown stand in the page's address.

import { Points } from "./points.js";

const EVERY_MS = 2000;
const EVERY_MS_ENDED = 10000;
const HEIGHT = 300;
const HEIGHT_NARROW = 230;

export class LossChart {
  constructor(box) {
    this.box = box;
    this.points = new Points(box.dataset.metrics);
    this.window = windowFromAddress();
    this.plot = null;
    this.timer = 0;
    this.closed = false;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.redraw();
    this.dark.addEventListener("change", this.onScheme);
    this.sizes = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.sizes.observe(box);
    this.update();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.dark.removeEventListener("change", this.onScheme);
    this.sizes.disconnect();
    this.plot?.destroy();
  }

  async update() {
    try {
      if (!document.hidden && (await this.points.fetchNew()) && !this.closed) {
        this.show();
      }
    } catch {
      // Away for now; the banner says so, and the next round may find it back.
    }
    if (!this.closed) {
      const pause = this.points.running ? EVERY_MS : EVERY_MS_ENDED;
      this.timer = setTimeout(() => this.update(), pause);
    }
  }

  show() {
    if (this.plot) {
      this.plot.setData(this.points.columns());
    } else if (this.points.byStep.size > 0) {
      this.draw();
    }
  }

  redraw() {
    if (this.plot) {
      this.plot.destroy();
      this.draw();
    }
  }

  draw() {
    const host = document.createElement("div");
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", "Loss against step; the table beside it has the numbers");
    this.plot = new uPlot(this.options(), this.points.columns(), host);
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = "Drag across to look closer, double-click for all steps.";
    this.box.replaceChildren(host, hint);
    this.plot.setSize(this.size());
  }

  size() {
    const width = Math.max(200, Math.floor(this.box.clientWidth));
    return { width, height: width < 500 ? HEIGHT_NARROW : HEIGHT };
  }

  look(window) {
    this.window = window;
    windowToAddress(window);
    this.plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.plot.setData(this.plot.data);
  }

  options() {
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis = (label) => ({
      label,
      labelSize: 18,
      labelFont: "12px system-ui, sans-serif",
      font: "11px system-ui, sans-serif",
      stroke: colour("--muted"),
      grid: { stroke: colour("--line-soft"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1, size: 5 },
    });
    const grouped = (value) => value.toLocaleString("en-US");
    const nats = (plot, value) => (value == null ? "–" : value.toFixed(4));
    return {
      ...this.size(),
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        bind: { dblclick: () => () => this.look(null) },
      },
      scales: {
        x: { time: false, range: (plot, least, greatest) => this.window ?? spread(least, greatest) },
      },
      axes: [
        {
          ...axis("step"),
          size: 34,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6],
          values: (plot, ticks) => ticks.map(grouped),
        },
        { ...axis("loss, nats"), size: 48 },
      ],
      series: [
        { label: "step", value: (plot, value) => (value == null ? "–" : grouped(value)) },
        { label: "training loss", stroke: colour("--loss"), width: 1.25, spanGaps: true, points: { show: false }, value: nats },
        {
          label: "held-out loss",
          stroke: colour("--held-out"),
          width: 2,
          spanGaps: true,
          points: { show: true, size: 6, fill: colour("--held-out") },
          value: nats,
        },
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width > 3) {
              const from = Math.floor(plot.posToVal(left, "x"));
              const to = Math.ceil(plot.posToVal(left + width, "x"));
              this.look([Math.max(0, from), to]);
            }
          },
        ],
      },
    };
  }
}

function spread(least, greatest) {
  return least === greatest ? [least - 1, greatest + 1] : [least, greatest];
}

function windowFromAddress() {
  const query = new URLSearchParams(location.search);
  if (!query.has("from") && !query.has("to")) {
    return null;
  }
  const from = Number(query.get("from") ?? 0);
  const to = Number(query.get("to") ?? NaN);
  return Number.isFinite(to) && to > from ? [from, to] : null;
}

function windowToAddress(window) {
  const address = new URL(location.href);
  address.searchParams.delete("from");
  address.searchParams.delete("to");
  if (window) {
    address.searchParams.set("from", window[0]);
    address.searchParams.set("to", window[1]);
  }
  history.replaceState(null, "", address);
}
