// The browser under test: an installed one, with its default switches as far as the driver leaves them alone.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/microsoft-edge",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

export function launchBrowser() {
  const executablePath = process.env.IAM_GUARDRAILS_BROWSER || INSTALLED.find(existsSync);
  if (executablePath === undefined) {
    throw new Error("no Chrome, Chromium or Edge found: install one, or set IAM_GUARDRAILS_BROWSER to its program");
  }
  return chromium.launch({ executablePath });
}
