/** What was scanned: images with their layers, and paths. */

/** One image (of one platform), or one path given to `phiscan files`. */
export interface Target {
  readonly reference: string;
  /** How the reference was understood, and why: `docker-archive: it holds manifest.json`. */
  readonly source: string;
  /** Of the image manifest, or of the configuration where the archive has no manifest. Empty for files. */
  readonly digest: string;
  /** `linux/amd64`, `linux/arm64/v8`; empty where the image does not say. */
  readonly platform: string;
  readonly layers: readonly TargetLayer[];
  /** Platforms that an index lists and this source does not hold, and that nobody asked for. */
  readonly absentPlatforms?: readonly string[];
  /** Of files on disk: the root and the largest folders first. */
  readonly folders?: readonly FolderSize[];
}

export interface TargetLayer extends LayerReference {
  /** Of the stored blob. */
  readonly bytes: number;
  /** Files, links and directories in the layer, nested ones not counted. */
  readonly entries: number;
  /** The root and the largest folders first, to three levels; nested containers are part of theirs. Not of sweeps. */
  readonly folders?: readonly FolderSize[];
}

export interface LayerReference {
  /** From 0, the base layer first. */
  readonly index: number;
  /** Of the stored bytes. */
  readonly digest: string;
  /** Of the unpacked tar. */
  readonly diffId: string;
  /** The instruction that made the layer, values masked. */
  readonly createdBy: string;
  /** Where that instruction stands, if it is known. */
  readonly instruction?: InstructionPlace;
}

/** Lines of a Dockerfile, from 1. */
export interface InstructionPlace {
  /** As the build or `--dockerfile` names it, values masked. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** Of the files in a folder, subfolders included. */
export interface FolderSize {
  /** `usr/lib`, values masked; empty: the root. */
  readonly path: string;
  /** Unpacked. */
  readonly bytes: number;
  readonly entries: number;
}
