// Runs first in the app's frame: takes away what a Content-Security-Policy does not cover in every browser.
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^(webkit)?(RTC|WebSocket|WebTransport)/.test(name)) delete window[name];
}
