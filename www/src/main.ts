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
  // Without its engine the page still opens: the first check says what is wrong.
  const guardrails = await client.guardrails().catch((): GuardrailInfo[] => []);
  document.body.append(...createApp(client, guardrails));
}
