/** The engine's types, named once, so that every component imports them from here. */
export type {
  CheckRequest,
  DocumentKind,
  DocumentReport,
  Finding,
  GuardrailInfo,
  GuardrailResult,
  Replay,
  Report,
  Settings,
  Span,
  Verdict,
  Witness,
} from "../engine";
