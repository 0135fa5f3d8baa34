// The points of one run's loss curve, fetched piece by piece.

export class Points {
  constructor(url) {
    this.url = url;
    this.byStep = new Map();
    this.last = -1;
    this.running = true;
  }

  // Fetches what is new; says whether there was anything.
  async fetchNew() {
    let changed = false;
    let answer = await this.ask();
    if (answer.step < this.last) {
      // The run went back to an earlier step, or began anew: its points are being measured again.
      this.byStep.clear();
      this.last = -1;
      changed = true;
      answer = await this.ask();
    }
    for (;;) {
      changed = this.take(answer.loss, 0) || changed;
      changed = this.take(answer.heldOut, 1) || changed;
      this.running = answer.state === "RUNNING";
      if (!answer.more) {
        return changed;
      }
      answer = await this.ask();
    }
  }

  async ask() {
    // One step back: the held-out loss of the last step may have come after its batch's loss.
    const response = await fetch(`${this.url}?after=${Math.max(-1, this.last - 1)}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    return response.json();
  }

  take(points, series) {
    let changed = false;
    for (const { step, value } of points) {
      const row = this.byStep.get(step) ?? [null, null];
      changed = changed || row[series] !== value;
      row[series] = value;
      this.byStep.set(step, row);
      this.last = Math.max(this.last, step);
    }
    return changed;
  }

  // As uPlot wants them: steps, losses, held-out losses.
  columns() {
    const steps = [...this.byStep.keys()].sort((a, b) => a - b);
    return [
      steps,
      steps.map((step) => this.byStep.get(step)[0]),
      steps.map((step) => this.byStep.get(step)[1]),
    ];
  }
}
