/** Watches for SIGINT and SIGTERM. */
export interface Interrupts {
  /** Aborted by the first signal: the scan ends early and is reported as incomplete. */
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  readonly release: () => void;
}

/** `onSecond` is called when a person does not want to wait for the report; it ends the process. */
export function watchInterrupts(onFirst: () => void, onSecond: () => void): Interrupts {
  const abort = new AbortController();
  function interrupted(): void {
    if (abort.signal.aborted) {
      onSecond();
      return;
    }
    abort.abort();
    onFirst();
  }
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  return {
    signal: abort.signal,
    release: () => {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
    },
  };
}
