// Runs first in the app's frame: takes away what a Content-Security-Policy and the sandbox leave open in some browser.
// What it uses itself it keeps, so that no later script can change it.
{
  const { apply } = Reflect;
  const getter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;

  for (const name of Object.getOwnPropertyNames(window)) {
    if (/^(webkit)?(RTC|WebSocket|WebTransport)/.test(name)) delete window[name];
  }

  // A click on a link with a key held down, or with another button than the first, opens a window or saves a file,
  // whatever the sandbox says. Here it does nothing, and no script can make such a click.
  const typeOf = getter(Event, "type");
  const special = ["ctrlKey", "metaKey", "shiftKey", "altKey", "button"].map((name) => getter(MouseEvent, name));
  const isSpecialClick = (event) => {
    const type = apply(typeOf, event, []);
    if (type !== "click" && type !== "auxclick") return false;
    try {
      for (let index = 0; index < special.length; index += 1) if (apply(special[index], event, [])) return true;
    } catch {
      // Not a mouse's event, and so no click.
    }
    return false;
  };

  const { dispatchEvent } = EventTarget.prototype;
  Object.defineProperty(EventTarget.prototype, "dispatchEvent", {
    value(event) {
      if (isSpecialClick(event)) throw new TypeError("no script may click with a key held down");
      return apply(dispatchEvent, this, [event]);
    },
  });

  const { composedPath, preventDefault } = Event.prototype;
  const nameOf = getter(Element, "localName");
  const isLink = (node) => {
    try {
      const name = apply(nameOf, node, []);
      return name === "a" || name === "area";
    } catch {
      return false; // a document or the window
    }
  };
  const hinder = (event) => {
    if (!isSpecialClick(event)) return;
    const path = apply(composedPath, event, []);
    for (let index = 0; index < path.length; index += 1) if (isLink(path[index])) apply(preventDefault, event, []);
  };
  addEventListener("click", hinder, { capture: true });
  addEventListener("auxclick", hinder, { capture: true });

  // The path above does not lead into closed shadow roots, so there are none.
  const { attachShadow } = Element.prototype;
  Object.defineProperty(Element.prototype, "attachShadow", {
    value(init) {
      return apply(attachShadow, this, [{ ...init, mode: "open" }]);
    },
  });
}
