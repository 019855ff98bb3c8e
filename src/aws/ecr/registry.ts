import { ScanError } from '../../errors.ts';
import { type Descriptor, digestOf, readDescriptor } from '../../image/descriptor.ts';
import { arrayOf, textOf } from '../../image/json.ts';
import { blobChunks } from '../../registry/blob-download.ts';
import { RegistryFailure } from '../../registry/failure.ts';
import { HttpClient } from '../../registry/http.ts';
import type { BlobAddress, ImageRegistry, StoredManifest } from '../../registry/image-registry.ts';
import { signedBlob } from '../../registry/signed-blob.ts';
import type { RetryPace } from '../../registry/retry.ts';
import type { Chunks, OnProblem } from '../../unpack/chunks.ts';
import { CallFailure, type FailureKind } from '../failure.ts';
import type { Ecr } from './client.ts';
import { callFault } from './fault.ts';
import { BATCH, Manifests } from './manifests.ts';
import { ecrHost } from './reference.ts';

export interface EcrRegistryOptions {
  /** The account whose registry it is; undefined: the caller's, which the first answer tells. */
  readonly account?: string | undefined;
  /** Of downloads that break. */
  readonly pace?: RetryPace | undefined;
}

/** Most of one page (Amazon ECR API Reference, "ListImageReferrers"). */
const PAGE = 50;

/** A private registry, by the API of ECR: manifests from ECR itself, layers from signed addresses. */
export class EcrRegistry implements ImageRegistry {
  readonly manifestsAtOnce: number = BATCH;
  readonly #ecr: Ecr;
  readonly #http: HttpClient;
  readonly #manifests: Manifests;
  readonly #pace: RetryPace | undefined;
  #account: string | undefined;

  constructor(ecr: Ecr, { account, pace }: EcrRegistryOptions = {}) {
    this.#ecr = ecr;
    this.#account = account;
    this.#pace = pace;
    // An emulator's addresses have no TLS; signed ones of AWS do.
    this.#http = new HttpClient({ insecure: ecr.endpoint !== undefined });
    this.#manifests = new Manifests(ecr, {
      account,
      host: () => this.host,
      onAccount: (told) => {
        if (/^\d{12}$/.test(told)) this.#account ??= told;
      },
    });
  }

  /** Without the account's number as long as ECR has not told it. */
  get host(): string {
    const { region } = this.#ecr;
    return this.#account === undefined ? `ecr.${region}` : ecrHost(this.#account, region);
  }

  manifest(repository: string, reference: string): Promise<StoredManifest> {
    return this.#manifests.ask(repository, reference);
  }

  blob(repository: string, { digest, size }: BlobAddress, onProblem: OnProblem): Chunks {
    const open = signedBlob(this.#http, () => this.#layerAddress(repository, digest), this.#pace);
    const { host } = this;
    return blobChunks(open, { size }, onProblem, {
      host,
      signal: this.#http.signal,
      ...(this.#pace !== undefined && { pace: this.#pace }),
    });
  }

  async referrers(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const [listed, tagged] = await Promise.all([this.#listed(repository, digest), this.#tagged(repository, digest)]);
    return [...listed, ...tagged];
  }

  async #listed(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const found: Descriptor[] = [];
    const seen = new Set<string>();
    let next = '';
    try {
      do {
        const page = await this.#ecr.ask('ListImageReferrers', {
          ...this.#of(repository),
          subjectId: { imageDigest: digest },
          maxResults: PAGE,
          ...(next === '' ? {} : { nextToken: next }),
        });
        for (const each of arrayOf(page['referrers'])) {
          const descriptor = readDescriptor(each);
          if (descriptor !== undefined) found.push(descriptor);
        }
        seen.add(next);
        next = textOf(page['nextToken']);
        // A server that repeats a page would be asked for ever.
      } while (next !== '' && !seen.has(next));
      return found;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      throw callFault(error, `the referrers of ${this.host}/${repository}@${digest}`);
    }
  }

  /** All in one call, as they are asked for at once. */
  async #tagged(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const names = referrerTags(digest);
    const given = await Promise.allSettled(names.map((name) => this.manifest(repository, name)));
    return given.flatMap((each, index) => {
      if (each.status === 'rejected') {
        if (each.reason instanceof ScanError && each.reason.code === 'not-found') return [];
        throw each.reason;
      }
      const { digest: own, mediaType, bytes } = each.value;
      const annotations = { 'org.opencontainers.image.ref.name': names[index] ?? '' };
      return digestOf(own) === ''
        ? []
        : [{ mediaType, digest: own, size: bytes.length, platform: undefined, annotations }];
    });
  }

  async close(): Promise<void> {
    this.#ecr.close();
    await this.#http.close();
  }

  /** Good for some minutes: asked for anew with each request. It is in no message. */
  async #layerAddress(repository: string, digest: string): Promise<URL> {
    let answer;
    try {
      answer = await this.#ecr.ask('GetDownloadUrlForLayer', { ...this.#of(repository), layerDigest: digest });
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      throw layerFailure(error);
    }
    const address = textOf(answer['downloadUrl']);
    if (URL.canParse(address)) return new URL(address);
    throw new RegistryFailure('garbled', 'ecr:GetDownloadUrlForLayer: no address');
  }

  #of(repository: string): { readonly repositoryName: string; readonly registryId?: string } {
    const account = this.#account;
    return { repositoryName: repository, ...(account === undefined ? {} : { registryId: account }) };
  }
}

/** The tags that stand in for a list of referrers: an index (OCI distribution, "Referrers Tag Schema"), and cosign's. */
function referrerTags(digest: string): readonly string[] {
  const base = digest.replace(':', '-').slice(0, 71);
  return ['', '.sig', '.att', '.sbom'].map((ending) => `${base}${ending}`);
}

/** The SDK has tried again what may pass. */
function layerFailure(failure: CallFailure): RegistryFailure {
  const { kind, reason, message } = failure;
  if (/NotFoundException$/.test(reason)) return new RegistryFailure('not-found', message);
  if (reason === 'LayerInaccessibleException') {
    return new RegistryFailure('denied', `${message}: an archived image cannot be read before it is restored`);
  }
  return new RegistryFailure(KINDS[kind], message);
}

const KINDS: Readonly<Record<FailureKind, RegistryFailure['kind']>> = {
  denied: 'denied',
  credentials: 'denied',
  unreachable: 'unreachable',
  unsupported: 'garbled',
  stopped: 'stopped',
  other: 'unreachable',
};
