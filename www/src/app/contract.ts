/** The engine's types, named once, so that every component imports them from here. */
export type {
  Bearing,
  DocumentKind,
  DocumentReport,
  DocumentSummary,
  Finding,
  GuardrailInfo,
  GuardrailResult,
  InputReport,
  PrincipalRow,
  Problem,
  Replay,
  Report,
  Settings,
  Span,
  Verdict,
  Witness,
} from "../engine";
