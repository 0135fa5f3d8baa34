// Keeps the open page up to date: htmx fetches the sections, morph.js puts them in place, chart.js
// draws the loss curve. What the page says when no answer comes is here too.

import { LossChart } from "./chart.js";
import { morphChildren } from "./morph.js";

let chart = null;

function attachChart() {
  const box = document.getElementById("curve");
  if (chart?.box === box) {
    return;
  }
  chart?.close();
  chart = box ? new LossChart(box) : null;
}

htmx.defineExtension("quiet", {
  isInlineSwap: (style) => style === "quiet",
  handleSwap: (style, target, fragment) => {
    if (style !== "quiet") {
      return false;
    }
    morphChildren(target, fragment);
    attachChart();
    return [];
  },
});

function problem(status) {
  const seen = document.querySelector(".figures time")?.textContent ?? "";
  const what =
    status === 503 ? "The database does not answer." : status ? `The console answers with status ${status}.` : "The console does not answer.";
  return `${what} What you see is from ${seen}; the page goes on by itself when it is back.`;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const banner = document.getElementById("banner");
  const status = event.detail.xhr?.status ?? 0;
  if (status === 401) {
    // The session has ended: the page itself leads to the login.
    location.reload();
    return;
  }
  const text = event.detail.successful ? "" : problem(status);
  banner.hidden = event.detail.successful;
  if (banner.textContent !== text) {
    banner.textContent = text;
  }
});

attachChart();
