// News from the server: one stream says which topics changed, and the page fetches itself again when
// one of them is its own. While there is no stream it asks every two seconds.

const WITHOUT_STREAM_MS = 2000;

export function listen(part, address, refresh) {
  const topics = new Set(part.dataset.live.split(" "));
  const stream = new EventSource(address);
  const ours = (event) => event.data.split(" ").some((topic) => topics.has(topic));
  stream.addEventListener("news", (event) => ours(event) && refresh(part));
  for (const name of ["away", "back"]) {
    stream.addEventListener(name, () => refresh(part));
  }
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) {
      refresh(part);
    }
  });
  setInterval(() => stream.readyState !== EventSource.OPEN && refresh(part), WITHOUT_STREAM_MS);
  addEventListener("pagehide", () => stream.close());
}
