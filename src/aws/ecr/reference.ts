import { ScanError } from '../../errors.ts';
import { digestOf } from '../../image/descriptor.ts';
import { isRepositoryName, isTag } from '../../registry/image-name.ts';

/** What `ecr:` names. */
export interface EcrReference {
  readonly repository: string;
  readonly tag: string | undefined;
  /** It counts before a tag. */
  readonly digest: string | undefined;
  /** Of a full address; else the caller's own. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, with FIPS, in China; and the dual-stack form `….dkr-ecr.eu-west-1.on.aws`. */
const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{1,32})\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn))$/;

/** `app`, `team/app:1.4`, `app@sha256:…`, each also behind a registry's host. Throws ScanError (`usage`). */
export function parseEcrReference(text: string, reference: string = text): EcrReference {
  const [, host, rest = text] = /^([^/]{1,255}\.[^/]{0,255})\/(.*)$/s.exec(text) ?? [];
  const [, account, region] = HOST.exec(host ?? '') ?? [];
  const wrong = (what: string, todo: string): ScanError => new ScanError('usage', `${reference} ${what}: ${todo}`);
  // Names of repositories may have dots, too: a cache calls them after their upstream.
  if (host !== undefined && account === undefined && /:|amazonaws|\.on\.aws$/.test(host)) {
    throw wrong('names a host that is none of ECR', 'use registry: for other registries');
  }
  const named = account === undefined ? text : rest;
  const [name = '', digestText, ...more] = named.split('@');
  const colon = name.indexOf(':');
  const repository = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (!isRepositoryName(repository))
    throw wrong('has no name of a repository', 'write ecr:NAME:TAG or ecr:NAME@DIGEST');
  if (tag !== undefined && !isTag(tag)) throw wrong('has a tag that is none', 'write letters, digits, . _ and -');
  const digest = digestOf(digestText);
  if (more.length > 0 || (digestText !== undefined && digest === '')) {
    throw wrong('has a digest that is none', 'write sha256: and 64 digits of a to f and 0 to 9');
  }
  return { repository, tag, digest: digest === '' ? undefined : digest, account, region };
}

/** Where a registry is asked by others (AWS General Reference, "Amazon ECR endpoints and quotas"). */
export function ecrHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
