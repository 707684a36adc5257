// Runs first in the app's frame: takes away what a Content-Security-Policy and the sandbox do not cover in every browser.
{
  for (const name of Object.getOwnPropertyNames(window)) {
    if (/^(webkit)?(RTC|WebSocket|WebTransport)/.test(name)) delete window[name];
  }

  // A click with a key held down or another button than the first opens a link in a new window, and in Firefox the
  // sandbox does not hinder it. Such a click does nothing here, and no script can make one.
  const { apply } = Reflect;
  const { dispatchEvent } = EventTarget.prototype;
  const getter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const typeOf = getter(Event, "type");
  const keys = ["ctrlKey", "metaKey", "shiftKey", "altKey", "button"].map((name) => getter(MouseEvent, name));

  const opensWindow = (event) => {
    const type = apply(typeOf, event, []);
    if (type !== "click" && type !== "auxclick") return false;
    try {
      return keys.some((key) => apply(key, event, []));
    } catch {
      return false; // not a MouseEvent
    }
  };
  const hinder = (event) => {
    if (opensWindow(event)) event.preventDefault();
  };
  addEventListener("click", hinder, { capture: true });
  addEventListener("auxclick", hinder, { capture: true });
  Object.defineProperty(EventTarget.prototype, "dispatchEvent", {
    value(event) {
      if (opensWindow(event)) throw new TypeError("no script may click with a key held down");
      return apply(dispatchEvent, this, [event]);
    },
  });
}
