// The page: styles, engine, app.
import "./styles/foundation";
import { createApp } from "./app/app";
import type { GuardrailInfo } from "./app/contract";
import { createEngineClient } from "./engine-client";
import { styleSheets } from "./styles/adopt";

document.adoptedStyleSheets = styleSheets;

/** Somebody is here. A page that is embedded in another one may never be used, and then takes no work. */
const SIGNS = ["pointermove", "pointerdown", "keydown", "dragenter"];

/** Somebody looks at it, and it is not embedded: its frame stands in the page, and the page in nothing. Not every browser tells. */
function isPageOfItsOwn(): boolean {
  return document.visibilityState === "visible" && (location as { ancestorOrigins?: DOMStringList }).ancestorOrigins?.length === (window === parent ? 0 : 1);
}

void start();

async function start(): Promise<void> {
  const client = createEngineClient();
  if (isPageOfItsOwn()) client.prepare();
  let guardrails: GuardrailInfo[] = [];
  let trouble = "";
  try {
    guardrails = await client.guardrails();
  } catch (error) {
    // Without its engine the page still opens, and says what is wrong.
    trouble = error instanceof Error ? error.message : String(error);
  }
  document.body.append(...createApp(client, guardrails, trouble));
  for (const sign of SIGNS) document.addEventListener(sign, () => client.prepare(), { once: true, passive: true });
}
