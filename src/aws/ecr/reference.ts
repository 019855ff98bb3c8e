import { ScanError } from '../../errors.ts';

/** What `ecr:` names. */
export interface EcrReference {
  readonly repository: string;
  /** A tag, or a digest: what a registry is asked for. */
  readonly reference: string;
  /** Of a full address; else the caller's own. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, with FIPS, in China; and the dual-stack form `….dkr-ecr.eu-west-1.on.aws`. */
const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{1,32})\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn))$/;
/** Amazon ECR API Reference, "CreateRepository". */
const REPOSITORY = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*\/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
/** distribution-spec, "Pulling manifests". */
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;

/** `app`, `team/app:1.4`, `app@sha256:…`, each also behind a registry's host. Throws ScanError (`usage`). */
export function parseEcrReference(text: string): EcrReference {
  const [, host, rest = text] = /^([^/]*\.[^/]*\.[^/]*)\/(.*)$/s.exec(text) ?? [];
  const [, account, region] = HOST.exec(host ?? '') ?? [];
  if (host !== undefined && account === undefined) {
    throw wrong('the host is none of ECR. Use registry: for other registries');
  }
  const [name = '', digest, ...more] = rest.split('@');
  // A digest decides where both are there.
  const [, repository = '', tag = 'latest'] = /^([^:]*)(?::(.*))?$/s.exec(name) ?? [];
  if (more.length > 0 || !REPOSITORY.test(repository)) throw wrong('Give ecr:NAME, ecr:NAME:TAG or ecr:NAME@DIGEST');
  if (digest !== undefined && !DIGEST.test(digest)) throw wrong('A digest is sha256: and 64 hexadecimal digits');
  if (!TAG.test(tag)) throw wrong('A tag has letters, digits, dots, dashes and underscores, at most 128');
  return { repository, reference: digest ?? tag, account, region };
}

/** The reference itself is not repeated: it may be anything. */
function wrong(todo: string): ScanError {
  return new ScanError('usage', `what stands behind ecr: is no image of ECR. ${todo}`);
}

/** Where a registry is asked by others (AWS General Reference, "Amazon ECR endpoints and quotas"). */
export function ecrHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
