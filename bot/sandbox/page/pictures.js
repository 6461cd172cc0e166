// Pictures, as long as they come from the sandbox itself: the page asks nothing of other machines.

import { h } from "./dom.js";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function isNear(url) {
  try {
    const { protocol, hostname, origin } = new URL(url, location.href);
    return origin === location.origin || protocol === "data:" || LOOPBACK.test(hostname);
  } catch {
    return false;
  }
}

// The last part of the path is only a name to save the file under.
const stored = (id) => (id ? `/files/${id}/${id}` : null);

/** An image block or element; `kind` is `thumbnail` or `glyph` for the small ones. */
export function picture(image, kind = "picture") {
  const url = image.image_url ?? image.slack_file?.url ?? stored(image.slack_file?.id);
  const alt = image.alt_text ?? "";
  if (kind !== "picture") return shown(url, alt, kind);
  const title = image.title?.text;
  return h("figure", {}, title ? h("figcaption", {}, title) : null, shown(url, alt, kind));
}

function shown(url, alt, kind) {
  if (url && isNear(url)) return h("img", { src: url, alt, class: kind });
  if (kind === "glyph") return h("span", { class: "glyph", role: "img", "aria-label": alt, title: alt });
  return h("span", { class: `${kind} far`, role: "img", "aria-label": alt, title: url }, alt || "Picture", kind === "picture" ? h("small", {}, "not loaded from outside") : null);
}

/** The files of a message. */
export function attachment(file) {
  const url = file.url_private ?? file.permalink ?? stored(file.id);
  const name = file.title || file.name || file.id;
  if (file.mimetype?.startsWith("image/") && url && isNear(url)) {
    return h("figure", {}, h("figcaption", {}, name), h("img", { src: url, alt: file.alt_txt ?? file.alt_text ?? name, class: "picture" }));
  }
  return h("a", { class: "file", href: url && isNear(url) ? url : null, download: file.name }, name);
}
