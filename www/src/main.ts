// The page: styles, engine, app.
import "./styles/foundation";
import { createApp } from "./app/app";
import type { GuardrailInfo } from "./app/contract";
import { createEngineClient } from "./engine-client";
import { styleSheets } from "./styles/adopt";

document.adoptedStyleSheets = styleSheets;

void start();

async function start(): Promise<void> {
  const client = createEngineClient();
  let guardrails: GuardrailInfo[] = [];
  let trouble = "";
  try {
    guardrails = await client.guardrails();
  } catch (error) {
    // Without its engine the page still opens, and says what is wrong.
    trouble = error instanceof Error ? error.message : String(error);
  }
  document.body.append(...createApp(client, guardrails, trouble));
  // Once the page stands. What goes wrong with it is told when there is something to judge.
  setTimeout(() => client.prepare().catch(() => undefined));
}
