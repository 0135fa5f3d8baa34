// Keeps the open page up to date: htmx fetches the sections, morph.js puts them in place, chart.js
// draws the loss curve. What the page says when no answer comes is here too.

import { LossChart } from "./chart.js";
import { Curves } from "./curves.js";
import { listen } from "./live.js";
import { morphChildren } from "./morph.js";

const SLOW_MS = 4000;
const NOTICE_MS = 10000;

let chart = null;
let slow = 0;
let seen = new Date().toISOString().replace(/\..*/, "Z");

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
    // A whole page came: only the part of it that renews itself is wanted.
    morphChildren(target, fragment.querySelector?.(`#${target.id}`) ?? fragment);
    attachChart();
    return [];
  },
});

function banner(what) {
  const line = document.getElementById("banner");
  const text = what && `${what} What you see is from ${seen}; the page goes on by itself.`;
  line.hidden = !what;
  if (line.textContent !== text) {
    line.textContent = text;
  }
}

function problem(status) {
  switch (status) {
    case 0:
      return "The console does not answer.";
    case 503:
      return "The database does not answer.";
    default:
      return `The console answers with status ${status}.`;
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) {
    event.preventDefault();
    return;
  }
  // The console itself waits a while for its database before it says so.
  slow = setTimeout(() => banner("The console or its database does not answer."), SLOW_MS);
});

document.addEventListener("htmx:afterRequest", (event) => {
  clearTimeout(slow);
  const status = event.detail.xhr?.status ?? 0;
  if (status === 401) {
    // The session has ended: the page itself leads to the login.
    location.reload();
    return;
  }
  if (event.detail.successful) {
    seen = new Date().toISOString().replace(/\..*/, "Z");
  }
  banner(event.detail.successful ? "" : problem(status));
});

// The server knows the reader's zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  document.cookie = `LONGSPAN_ZONE=${encodeURIComponent(zone)}; path=/; max-age=31536000; SameSite=Strict`;
}

const live = document.querySelector("[data-live]");
if (live) {
  listen(live, document.body.dataset.events, (part) => htmx.trigger(part, "news"));
}
for (const box of document.querySelectorAll("[data-curves]")) {
  new Curves(box);
}

setTimeout(() => document.querySelector("main > .notice")?.remove(), NOTICE_MS);
attachChart();
