import type { Descriptor } from '../image/descriptor.ts';
import type { Chunks, OnProblem } from '../unpack/chunks.ts';
import type { OpenBlob } from './blob-download.ts';
import { blobChunks, rangeFrom } from './blob-download.ts';
import type { Credentials } from './credentials.ts';
import { credentialsFor } from './docker-config.ts';
import { RegistryFailure, scanErrorOf } from './failure.ts';
import type { HttpOptions } from './http.ts';
import { HttpClient } from './http.ts';
import type { BlobAddress, ImageRegistry, StoredManifest } from './image-registry.ts';
import { getManifest, pullRequest } from './manifests.ts';
import { Referrers } from './referrers.ts';
import type { RetryPace } from './retry.ts';
import { Transport } from './transport.ts';

export interface DistributionOptions extends HttpOptions {
  /** Where docker's configuration is looked for; process.env by default. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Instead of docker's configuration. */
  readonly credentials?: () => Promise<Credentials>;
  readonly pace?: RetryPace;
}

/** A registry that speaks the OCI distribution specification 1.1, or Docker's Registry HTTP API v2 before it. */
export class DistributionRegistry implements ImageRegistry {
  readonly host: string;
  readonly transport: Transport;
  readonly #pace: { readonly pace?: RetryPace };
  readonly #referrers: Referrers;

  constructor(host: string, { env = process.env, credentials, pace, ...settings }: DistributionOptions = {}) {
    this.host = host;
    this.#pace = pace === undefined ? {} : { pace };
    const findCredentials = credentials ?? ((): Promise<Credentials> => credentialsFor(host, env));
    this.transport = new Transport(host, new HttpClient(settings), findCredentials, pace);
    this.#referrers = new Referrers(this.transport);
  }

  async manifest(repository: string, reference: string): Promise<StoredManifest> {
    try {
      return await getManifest(this.transport, repository, reference);
    } catch (error) {
      const name = `${this.host}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
      throw scanErrorOf(error, this.host, `the manifest of ${name}`, this.remedy(error));
    }
  }

  blob(repository: string, { digest, size }: BlobAddress, onProblem: OnProblem): Chunks {
    const { host, transport } = this;
    const open: OpenBlob = async (offset) => {
      const url = await transport.address(`/v2/${repository}/blobs/${digest}`);
      const request = pullRequest(repository, { headers: rangeFrom(offset), statuses: [200, 206, 416] });
      return await transport.ask(url, request, (answer) => Promise.resolve(answer));
    };
    return blobChunks(open, { size }, onProblem, { host, signal: transport.http.signal, ...this.#pace });
  }

  async referrers(repository: string, digest: string): Promise<readonly Descriptor[]> {
    try {
      return await this.#referrers.of(repository, digest);
    } catch (error) {
      throw scanErrorOf(error, this.host, `the list of what is about ${digest}`, this.remedy(error));
    }
  }

  /** What a listing has told already is not asked for again. */
  knowTags(repository: string, tags: readonly string[]): void {
    this.#referrers.know(repository, tags);
  }

  async close(): Promise<void> {
    await this.transport.http.close();
  }

  /** What the user can do. */
  remedy(error: unknown): string {
    if (!(error instanceof RegistryFailure)) throw error;
    switch (error.kind) {
      case 'not-found':
        return 'look at the name and the tag';
      case 'denied':
      case 'expired':
        return `use \`docker login ${this.host}\` as a user who may pull it`;
      case 'throttled':
        return 'try again later';
      case 'unreachable':
      case 'garbled':
      case 'stopped':
        return error.reason === 'no TLS'
          ? '--insecure asks for plain HTTP, of a registry on this machine'
          : 'look at the name of the host, the network and the proxy';
    }
  }
}
