// Curves of one or more series, drawn from the same numbers as the drawing that came with the page and
// in its place. The address of the numbers and whether the axis is logarithmic stand on the box.

const HEIGHT = 320;
const EVERY_MS = 3000;
const COLOURS = ["--loss", "--held-out", "--good", "--bad", "--warn", "--accent"];

export class Curves {
  constructor(box) {
    this.box = box;
    this.plot = null;
    this.sizes = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.sizes.observe(box);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.draw(this.answer));
    this.update();
  }

  async update() {
    let again = EVERY_MS;
    try {
      if (!document.hidden) {
        const response = await fetch(this.box.dataset.curves, { headers: { Accept: "application/json" } });
        if (response.ok) {
          this.draw(await response.json());
          again = this.answer.live ? EVERY_MS : 0;
        }
      }
    } catch {
      // Away for now; the banner says so, and the next round may find it back.
    }
    if (again > 0) {
      setTimeout(() => this.update(), again);
    }
  }

  draw(answer) {
    this.answer = answer;
    if (!answer || answer.x.length === 0) {
      return;
    }
    const data = [answer.x, ...answer.series.map((series) => series.values)];
    const shape = JSON.stringify([answer.series.map((series) => series.label), answer.log, this.dark.matches]);
    if (this.plot && shape === this.shape) {
      this.plot.setData(data);
      return;
    }
    this.shape = shape;
    this.plot?.destroy();
    const host = document.createElement("div");
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", this.box.dataset.label);
    this.plot = new uPlot(this.options(answer), data, host);
    this.box.replaceChildren(host);
    this.plot.setSize(this.size());
  }

  size() {
    return { width: Math.max(200, Math.floor(this.box.clientWidth)), height: HEIGHT };
  }

  options(answer) {
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis = {
      font: "11px system-ui, sans-serif",
      labelFont: "12px system-ui, sans-serif",
      labelSize: 18,
      stroke: colour("--muted"),
      grid: { stroke: colour("--line-soft"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1, size: 5 },
    };
    return {
      ...this.size(),
      scales: { x: { time: answer.axis === "clock" }, y: answer.log ? { distr: 3, log: 10 } : {} },
      axes: [{ ...axis, label: answer.axis }, { ...axis, label: answer.unit, size: 56 }],
      series: [
        { label: answer.axis },
        ...answer.series.map((series, i) => ({
          label: series.label,
          stroke: colour(COLOURS[i % COLOURS.length]),
          dash: i >= COLOURS.length ? [6, 4] : undefined,
          width: 1.5,
          spanGaps: true,
          points: { show: false },
          value: (plot, value) => (value == null ? "–" : Number(value.toPrecision(5)).toString()),
        })),
      ],
    };
  }
}
