/** Line icons on a 24-unit grid. They stand beside words, never instead of them, so they are hidden from assistive technology. */

const PATHS = {
  pass: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M8 12.3l2.7 2.7L16 9.4"],
  warn: ["M12 3.5 21.5 20h-19z", "M12 10v4.5", "M12 17.2v.1"],
  fail: ["M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z", "M9 9l6 6", "M15 9l-6 6"],
  "not-applicable": ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M8 12h8"],
  undecided: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M9.5 9.6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.2.9-1.2 1.8", "M12 16.8v.1"],
  grants: ["M6 11h12v9H6z", "M9 11V7.5a3.5 3.5 0 0 1 6.8-1.2"],
  denies: ["M6 11h12v9H6z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"],
  shadowed: ["M6 11h12v9H6z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11", "M9.5 15.5h5"],
  gap: ["M12 3l8 3v6c0 4.5-3.4 7.7-8 9-4.6-1.3-8-4.5-8-9V6z", "M12 9.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z"],
  note: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 11v5.5", "M12 7.6v.1"],
  shield: ["M12 3l8 3v6c0 4.5-3.4 7.7-8 9-4.6-1.3-8-4.5-8-9V6z", "M8.4 12l2.6 2.6 4.6-5"],
  add: ["M12 5v14", "M5 12h14"],
  remove: ["M5 7h14", "M10 7V4.5h4V7", "M7 7l1 13h8l1-13"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  open: ["M3.5 19V6h6l2 2.5h9V19z"],
  examples: ["M5 4h10l4 4v12H5z", "M9 12h6", "M9 16h6"],
  copy: ["M8 8h11v12H8z", "M5 16V4h11"],
  help: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M9.5 9.6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.2.9-1.2 1.8", "M12 16.8v.1"],
  settings: ["M4 7h9", "M17 7h3", "M15 5v4", "M4 17h3", "M11 17h9", "M9 15v4", "M4 12h5", "M13 12h7", "M11 10v4"],
  private: ["M6 11h12v9H6z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"],
  format: ["M4 6h16", "M8 10h12", "M8 14h12", "M4 18h16"],
  jump: ["M5 12h13", "M13 7l5 5-5 5"],
  busy: ["M12 3v4", "M12 17v4", "M3 12h4", "M17 12h4", "M5.6 5.6l2.8 2.8", "M15.6 15.6l2.8 2.8"],
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = svgElement("svg");
  const attributes = {
    viewBox: "0 0 24 24",
    class: `icon icon-${name}`,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "2",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = svgElement("path");
    path.setAttribute("d", d);
    svg.appendChild(path);
  }
  return svg;
}

function svgElement<K extends keyof SVGElementTagNameMap>(tag: K): SVGElementTagNameMap[K] {
  return document.createElementNS("http://www.w3.org/2000/svg", tag);
}
