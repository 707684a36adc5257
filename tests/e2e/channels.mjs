// Every way out of a page that we know of, as code for the browser. Each function is sent there as text.
//
// Not here, because nothing in a page can stop them and no page can see them: DNS prefetch and preconnect
// (`<link rel="dns-prefetch">` tells a name to a resolver). Only code that is already in the page could use them,
// and that code is pinned by hash.

/**
 * @typedef {object} Target
 * @property {string} url where a request would be seen
 * @property {string} socket the same as a WebSocket's address
 * @property {string} datagrams host and port where a datagram would be seen
 */

/** @param {string} name @param {Record<string, unknown>} properties */
const element = (name, properties) => Object.assign(document.createElement(name), properties);
const add = (name, properties) => document.body.appendChild(element(name, properties));
const click = (properties, options = {}) =>
  add("a", properties).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window, ...options }));
const sheet = (css) => {
  const adopted = new CSSStyleSheet();
  adopted.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, adopted];
};
const svg = (name, href) => {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const part = document.createElementNS("http://www.w3.org/2000/svg", name);
  part.setAttribute("href", href);
  picture.append(part);
  document.body.append(picture);
  return part;
};
const blob = (script) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
const callOut = async (Connection, server) => {
  const connection = new Connection({ iceServers: [server] });
  connection.createDataChannel("x");
  await connection.setLocalDescription(await connection.createOffer());
};

/** What the probes share, as text. */
export const helpers = Object.entries({ element, add, click, sheet, svg, blob, callOut })
  .map(([name, helper]) => `const ${name} = ${helper};`)
  .join("\n");

/** @type {Record<string, (to: Target) => unknown>} */
export const channels = {
  // Requests by script.
  "fetch": ({ url }) => fetch(url),
  "fetch that outlives the page": ({ url }) => fetch(url, { keepalive: true, mode: "no-cors" }),
  "fetchLater": ({ url }) => fetchLater(url, { activateAfter: 0 }),
  "XMLHttpRequest": ({ url }) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  "sendBeacon": ({ url }) => navigator.sendBeacon(url, "x"),
  "WebSocket": ({ socket }) => new WebSocket(socket),
  "EventSource": ({ url }) => new EventSource(url),
  "WebTransport": ({ datagrams }) => new WebTransport(`https://${datagrams}/`),
  "WebRTC by STUN": ({ datagrams }) => callOut(RTCPeerConnection, { urls: `stun:${datagrams}` }),
  "WebRTC by TURN": ({ datagrams }) =>
    callOut(RTCPeerConnection, { urls: `turn:${datagrams}`, username: "x", credential: "x" }),

  // Images, styles, fonts, media.
  "img": ({ url }) => add("img", { src: url }),
  "SVG image": ({ url }) => svg("image", url),
  "SVG use": ({ url }) => svg("use", `${url}#x`),
  "video": ({ url }) => add("video", { src: url }),
  "audio": ({ url }) => add("audio", { src: url }),
  "CSS url()": ({ url }) => sheet(`body { background: url(${url}) }`),
  "CSS @import": ({ url }) => add("style", { textContent: `@import url(${url})` }),
  "CSS @font-face": ({ url }) => {
    sheet(`@font-face { font-family: probe; src: url(${url}) } body { font-family: probe }`);
    document.body.append("text");
  },
  "FontFace": ({ url }) => new FontFace("probe", `url(${url})`).load(),
  "link stylesheet": ({ url }) => add("link", { rel: "stylesheet", href: url }),
  "link preload": ({ url }) => add("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url }),
  "link prefetch": ({ url }) => add("link", { rel: "prefetch", href: url }),
  "link modulepreload": ({ url }) => add("link", { rel: "modulepreload", href: url }),

  // Scripts.
  "script": ({ url }) => add("script", { src: url }),
  "import()": ({ url }) => import(url),
  "worker from a network address": ({ url }) => new Worker(url),
  "shared worker": ({ url }) => new SharedWorker(url),
  "service worker": ({ url }) => navigator.serviceWorker.register(url),
  "worklet": ({ url }) => CSS.paintWorklet.addModule(url),
  "audio worklet": ({ url }) => new AudioContext().audioWorklet.addModule(url),
  "new blob worker that fetches": ({ url }) => new Worker(blob(`fetch(${JSON.stringify(url)})`)),
  "new blob worker that imports": ({ url }) => new Worker(blob(`importScripts(${JSON.stringify(url)})`)),

  // Frames in the frame.
  "iframe": ({ url }) => add("iframe", { src: url }),
  "iframe srcdoc": ({ url }) => add("iframe", { srcdoc: `<img src="${url}">` }),
  "iframe javascript:": ({ url }) => add("iframe", { src: `javascript:fetch(${JSON.stringify(url)})` }),
  "iframe data:": ({ url }) => add("iframe", { src: `data:text/html,<img src="${url}">` }),
  "iframe blob:": ({ url }) =>
    add("iframe", { src: URL.createObjectURL(new Blob([`<img src="${url}">`], { type: "text/html" })) }),
  "fetch of an empty iframe": ({ url }) => add("iframe", {}).contentWindow.fetch(url),
  "WebSocket of an empty iframe": ({ socket }) => new (add("iframe", {}).contentWindow.WebSocket)(socket),
  "WebTransport of an empty iframe": ({ datagrams }) =>
    new (add("iframe", {}).contentWindow.WebTransport)(`https://${datagrams}/`),
  "WebRTC of an empty iframe": ({ datagrams }) =>
    callOut(add("iframe", {}).contentWindow.RTCPeerConnection, { urls: `stun:${datagrams}` }),
  "location of an empty iframe": ({ url }) => {
    add("iframe", {}).contentWindow.location = url;
  },
  "object": ({ url }) => add("object", { data: url }),
  "embed": ({ url }) => add("embed", { src: url }),

  // Navigation.
  "location =": ({ url }) => {
    location = url;
  },
  "location.assign": ({ url }) => location.assign(url),
  "meta refresh": ({ url }) => add("meta", { httpEquiv: "refresh", content: `0;url=${url}` }),
  "form": ({ url }) => add("form", { action: url, method: "post" }).submit(),
  "form in a new window": ({ url }) => add("form", { action: url, target: "_blank" }).requestSubmit(),
  "window.open": ({ url }) => open(url),
  "window.open in the frame": ({ url }) => open(url, "_self"),
  "window.open at the top": ({ url }) => open(url, "_top"),
  "top.location =": ({ url }) => {
    top.location = url;
  },
  "parent.location =": ({ url }) => {
    parent.location = url;
  },
  "a": ({ url }) => click({ href: url }),
  "a with the control key": ({ url }) => click({ href: url }, { ctrlKey: true }),
  "a with the shift key": ({ url }) => click({ href: url }, { shiftKey: true }),
  "a with the alt key": ({ url }) => click({ href: url }, { altKey: true }),
  "a with the control key, outside the document": ({ url }) =>
    element("a", { href: url }).dispatchEvent(new MouseEvent("click", { cancelable: true, ctrlKey: true })),
  "SVG a with the control key": ({ url }) => {
    const link = svg("a", url);
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true, view: window }));
  },
  "a in a new window": ({ url }) => click({ href: url, target: "_blank" }),
  "a at the top": ({ url }) => click({ href: url, target: "_top" }),
  "a[ping]": ({ url }) => click({ href: "#x", ping: url }),
  "a[download]": ({ url }) => click({ href: url, download: "x" }),

  // Requests that the browser makes for an interface.
  "payment method": ({ url }) =>
    new PaymentRequest([{ supportedMethods: url }], { total: { label: "x", amount: { currency: "USD", value: "1" } } }).show(),
  "federated login": ({ url }) =>
    navigator.credentials.get({ identity: { providers: [{ configURL: url, clientId: "x" }] } }),
};

/**
 * What a person can be led to do with a link that covers the page.
 * @type {Record<string, (mouse: import("playwright-core").Page["mouse"], keyboard: import("playwright-core").Page["keyboard"]) => Promise<void>>}
 */
export const gestures = {
  "a click": (mouse) => mouse.click(100, 100),
  "a click with the middle button": (mouse) => mouse.click(100, 100, { button: "middle" }),
  "a click with the control key": (mouse, keyboard) => holding(keyboard, "ControlOrMeta", () => mouse.click(100, 100)),
  "a click with the shift key": (mouse, keyboard) => holding(keyboard, "Shift", () => mouse.click(100, 100)),
  "a click with the alt key": (mouse, keyboard) => holding(keyboard, "Alt", () => mouse.click(100, 100)),
  "Enter": (_, keyboard) => keyboard.press("Enter"),
  "Control and Enter": (_, keyboard) => keyboard.press("ControlOrMeta+Enter"),
  "Shift and Enter": (_, keyboard) => keyboard.press("Shift+Enter"),
};

async function holding(keyboard, key, act) {
  await keyboard.down(key);
  await act();
  await keyboard.up(key);
}

/** Covers the page with a link, open to everyone or hidden in a closed shadow root. */
export function coverWithLink({ url, hidden }) {
  const link = Object.assign(document.createElement("a"), { href: url, textContent: "link" });
  link.style.cssText = "position: fixed; inset: 0; z-index: 9999";
  const host = document.body.appendChild(document.createElement("div"));
  (hidden ? host.attachShadow({ mode: "closed" }) : host).append(link);
  link.focus();
}

/** Ways out of a worker. @type {Record<string, (to: Target) => unknown>} */
export const workerChannels = {
  "fetch": ({ url }) => fetch(url),
  "XMLHttpRequest": ({ url }) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  "WebSocket": ({ socket }) => new WebSocket(socket),
  "EventSource": ({ url }) => new EventSource(url),
  "WebTransport": ({ datagrams }) => new WebTransport(`https://${datagrams}/`),
  "importScripts": ({ url }) => importScripts(url),
  "import()": ({ url }) => import(url),
  "worker from a network address": ({ url }) => new Worker(url),
  "worker in the worker": ({ url }) =>
    new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(url)})`], { type: "text/javascript" }))),
};
