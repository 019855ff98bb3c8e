import type { Descriptor } from '../image/descriptor.ts';
import type { Chunks, OnProblem } from '../unpack/chunks.ts';

/** A manifest or an index, as the registry stores it. */
export interface StoredManifest {
  /** What the registry calls these bytes: the digest that was asked for, or that of a tag. Empty where it does not say. Nobody
   * has hashed them yet. */
  readonly digest: string;
  /** As the registry gives it; empty where it does not say. */
  readonly mediaType: string;
  /** Byte for byte. */
  readonly bytes: Buffer;
}

/** What is needed to ask for a blob. */
export interface BlobAddress {
  readonly digest: string;
  /** Stored bytes; undefined where nothing says it. */
  readonly size: number | undefined;
}

/** One registry, by whatever protocol: OCI distribution, or the API of ECR. */
export interface ImageRegistry {
  /** For places in reports: `registry.example:5000`, `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
  readonly host: string;
  /** How many manifests are best asked for at once; undefined: a few. */
  readonly manifestsAtOnce?: number | undefined;
  /** By tag or digest. Throws ScanError: `not-found`, `denied`, `unreachable`. */
  manifest(repository: string, reference: string): Promise<StoredManifest>;
  /**
   * Stored bytes of a blob, asked for when the first chunk is. Resumed after a break where the registry can; each signed
   * address is used at once, and asked for again when it has expired. What cannot be had goes to `onProblem`; nothing is thrown.
   */
  blob(repository: string, address: BlobAddress, onProblem: OnProblem): Chunks;
  /**
   * What is about a manifest: signatures, SBOMs, attestations. By the registry's own list of referrers, and by the tags that
   * stand in for it (`sha256-<hex>`, an index; cosign's `.sig`, `.att`, `.sbom`), which the descriptor then has as
   * `org.opencontainers.image.ref.name`. Throws ScanError when the registry does not let it be known: a gap of the caller's.
   */
  referrers(repository: string, digest: string): Promise<readonly Descriptor[]>;
  /** Ends connections and what is in flight; may be called at any time, and twice. */
  close(): Promise<void>;
}
