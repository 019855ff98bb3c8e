import { ScanError } from '../../errors.ts';
import { imageTypes } from '../../image/descriptor.ts';
import { arrayOf, isObject, memberOf, textOf, type JsonObject } from '../../image/json.ts';
import type { StoredManifest } from '../../registry/image-registry.ts';
import { CallFailure } from '../failure.ts';
import type { Ecr } from './client.ts';
import { callFault, imageFault } from './fault.ts';

/** Images of one call (Amazon ECR API Reference, "BatchGetImage"). */
export const BATCH = 100;
/** How long the first of a batch waits for others to come, in milliseconds: far less than the call takes. */
const GATHER_MS = 2;

interface Wanted {
  /** A tag or a digest. */
  readonly reference: string;
  readonly resolve: (manifest: StoredManifest) => void;
  readonly reject: (error: ScanError) => void;
}

export interface ManifestsOptions {
  /** The account whose registry it is; undefined: the caller's. */
  readonly account: string | undefined;
  /** For messages. */
  readonly host: () => string;
  /** Told what each answer says of the registry that it came from. */
  readonly onAccount: (account: string) => void;
}

/** Manifests, byte for byte as they were pushed: those that are asked for at about the same time are one call. */
export class Manifests {
  readonly #ecr: Ecr;
  readonly #options: ManifestsOptions;
  /** By repository: what the next call of it asks for. */
  readonly #gathered = new Map<string, Wanted[]>();

  constructor(ecr: Ecr, options: ManifestsOptions) {
    this.#ecr = ecr;
    this.#options = options;
  }

  /** By tag or digest; throws ScanError. */
  ask(repository: string, reference: string): Promise<StoredManifest> {
    return new Promise((resolve, reject) => {
      const gathered = this.#gathered.get(repository) ?? [];
      gathered.push({ reference, resolve, reject });
      if (gathered.length === 1) {
        this.#gathered.set(repository, gathered);
        setTimeout(() => {
          this.#send(repository, gathered);
        }, GATHER_MS);
      }
      if (gathered.length === BATCH) this.#send(repository, gathered);
    });
  }

  #send(repository: string, wanted: readonly Wanted[]): void {
    // Sent already, being full.
    if (this.#gathered.get(repository) !== wanted) return;
    this.#gathered.delete(repository);
    void this.#batch(repository, wanted);
  }

  /** Settles all of them, and never rejects itself. */
  async #batch(repository: string, wanted: readonly Wanted[]): Promise<void> {
    const where = (reference: string): string =>
      `${this.#options.host()}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    const { account } = this.#options;
    try {
      const answer = await this.#ecr.ask('BatchGetImage', {
        ...(account === undefined ? {} : { registryId: account }),
        repositoryName: repository,
        imageIds: [...new Set(wanted.map(({ reference }) => reference))].map(idOf),
        acceptedMediaTypes: [...imageTypes],
      });
      const images = arrayOf(answer['images']).filter(isObject);
      const failures = arrayOf(answer['failures']).filter(isObject);
      for (const { reference, resolve, reject } of wanted) {
        const image = images.find((each) => isOf(each, reference));
        if (image !== undefined && typeof image['imageManifest'] === 'string') {
          this.#options.onAccount(textOf(image['registryId']));
          resolve(manifestOf(image, image['imageManifest']));
          continue;
        }
        const failure = failures.find((each) => isOf(each, reference));
        reject(imageFault(textOf(failure?.['failureCode']), textOf(failure?.['failureReason']), where(reference)));
      }
    } catch (error) {
      // A hundred manifests of megabytes are more than one answer may have.
      if (error instanceof CallFailure && error.reason === 'ResponseTooLong' && wanted.length > 1) {
        const half = Math.ceil(wanted.length / 2);
        await this.#batch(repository, wanted.slice(0, half));
        await this.#batch(repository, wanted.slice(half));
        return;
      }
      for (const { reference, reject } of wanted) {
        reject(
          error instanceof CallFailure
            ? callFault(error, where(reference))
            : new ScanError('internal', `${where(reference)}: ECR's answer cannot be read`, { cause: error }),
        );
      }
    }
  }
}

function idOf(reference: string): { readonly imageDigest: string } | { readonly imageTag: string } {
  return reference.includes(':') ? { imageDigest: reference } : { imageTag: reference };
}

/** An image, or a failure. */
function isOf(each: JsonObject, reference: string): boolean {
  return memberOf(each['imageId'], reference.includes(':') ? 'imageDigest' : 'imageTag') === reference;
}

/** The text is that of the bytes: JSON in UTF-8, which AWS hands on as a string. */
function manifestOf(image: JsonObject, manifest: string): StoredManifest {
  return {
    digest: textOf(memberOf(image['imageId'], 'imageDigest')),
    mediaType: textOf(image['imageManifestMediaType']),
    bytes: Buffer.from(manifest),
  };
}
