/** An instruction of a Dockerfile. Its texts are the user's: they are masked before they leave. */
export interface DockerfileStep {
  /** Upper case. */
  readonly name: string;
  /** Its arguments, as they stand: continued lines among them, here-documents not. */
  readonly text: string;
  /** The lines between the marks of its here-documents. */
  readonly documents: readonly string[];
  /** Lines, from 1; the last one is that of the end of its last here-document. */
  readonly line: number;
  readonly endLine: number;
}

/** What stands between two FROM, with those of the stage that it is built on before its own. */
export interface DockerfileStage {
  readonly steps: readonly DockerfileStep[];
}
