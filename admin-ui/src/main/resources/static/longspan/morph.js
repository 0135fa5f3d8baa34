// Changes a part of the page into a newer version of itself and touches only what differs, so that
// focus, scroll position, open details and selected text stay. Elements with the same data-key are
// the same thing; one with data-keep belongs to a script and is left alone while that stays equal.

export function morphChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) {
    if (child.dataset.key !== undefined) {
      keyed.set(child.dataset.key, child);
    }
  }
  let cursor = from.firstChild;
  for (const next of [...to.childNodes]) {
    const key = next.dataset?.key;
    const found = key === undefined ? cursor : keyed.get(key);
    if (!found || !sameThing(found, next)) {
      from.insertBefore(next, cursor);
      continue;
    }
    if (found === cursor) {
      cursor = cursor.nextSibling;
    } else {
      from.insertBefore(found, cursor);
    }
    morph(found, next);
  }
  while (cursor) {
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  }
}

function sameThing(one, other) {
  return (
    one.nodeName === other.nodeName &&
    one.id === other.id &&
    one.dataset?.key === other.dataset?.key &&
    one.dataset?.keep === other.dataset?.keep
  );
}

function morph(node, next) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.nodeValue !== next.nodeValue) {
      node.nodeValue = next.nodeValue;
    }
    return;
  }
  if (node.dataset.keep !== undefined) {
    return;
  }
  morphAttributes(node, next);
  morphChildren(node, next);
}

function morphAttributes(node, next) {
  for (const { name, value } of next.attributes) {
    if (node.getAttribute(name) !== value) {
      node.setAttribute(name, value);
    }
  }
  for (const { name } of [...node.attributes]) {
    const openedByReader = node.nodeName === "DETAILS" && name === "open";
    if (!next.hasAttribute(name) && !openedByReader) {
      node.removeAttribute(name);
    }
  }
}
