// What can go wrong with a check, in plain data, so that it survives the way out of a worker.

export interface Failure {
  /** The engine itself stopped: its memory can no longer be trusted. Otherwise it refused the request. */
  trapped: boolean;
  message: string;
}

/** A check that has no report; the message is for people. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { trapped: error instanceof WebAssembly.RuntimeError || error instanceof RangeError, message };
}

export function engineFailure({ trapped, message }: Failure): EngineFailure {
  if (!trapped) return new EngineFailure(message);
  return new EngineFailure(
    `The engine stopped in the middle of this check (${message}), so there is no verdict. ` +
      "That is a bug in it, not in your policy. Your text is untouched, and the next check starts afresh.",
  );
}
