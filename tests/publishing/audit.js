/* Our own checks of accessibility; the value is a list of faults, each "kind: what". */
(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const tell = (kind, node) => faults.push(`${kind}: ${node.outerHTML.slice(0, 120)}`);
  const name = (node) => (node.getAttribute("aria-label") || node.textContent || "").trim();

  if (!document.documentElement.lang) faults.push("lang: the page has no language");
  if (!document.title.trim()) faults.push("title: the page has no title");
  if (all("main").length !== 1) faults.push("main: not exactly one main landmark");

  all("img").filter((image) => !image.alt.trim()).forEach((image) => tell("alt", image));
  all("input, select, textarea").filter((field) => !field.labels.length).forEach((f) => tell("input", f));
  all("button, summary").filter((button) => !name(button)).forEach((b) => tell("button", b));
  all("a[href]").filter((link) => !name(link) && !link.querySelector("img")).forEach((a) => tell("link", a));
  all("th").filter((head) => !head.scope).forEach((head) => tell("scope", head));
  all("[role=region], nav").filter((part) => !part.getAttribute("aria-label")).forEach((p) => tell("region", p));
  all("a[href^='#']").filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1))))
    .forEach((a) => tell("target", a));

  const seen = new Set();
  all("[id]").forEach((node) => { if (seen.has(node.id)) tell("id", node); seen.add(node.id); });

  let former = 0;
  all("h1, h2, h3, h4, h5, h6").forEach((heading) => {
    const level = Number(heading.tagName[1]);
    if (level > former + 1) tell("heading", heading);
    former = level;
  });

  /* Whatever scrolls sideways can be reached by keyboard. */
  all("main *").filter((node) => /auto|scroll/.test(getComputedStyle(node).overflowX)
    && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
    && node.tabIndex < 0 && !node.querySelector("a, button")).forEach((node) => tell("scroll", node));

  /* Contrast of every text with the nearest background that is not transparent. */
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const pixel = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    colours.forEach((colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); });
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const known = new Map();
  const contrast = (ink, grounds) => {
    const key = [ink, ...grounds].join("|");
    if (!known.has(key)) {
      const [a, b] = [light(pixel(["white", ...grounds, ink])), light(pixel(["white", ...grounds]))];
      known.set(key, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return known.get(key);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const told = new Set();
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || told.has(node) || !node.checkVisibility()) continue;
    if (/SCRIPT|STYLE/.test(node.tagName)) continue;
    told.add(node);
    const grounds = [];
    for (let at = node; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    if (contrast(getComputedStyle(node).color, grounds) < 4.5) tell("contrast", node);
  }
  return faults;
})()
