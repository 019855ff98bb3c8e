import { ScanError } from '../errors.ts';
import { digestOf } from '../image/descriptor.ts';

/** What a reference names, after docker's grammar (distribution/reference, grammar in reference.go). */
export interface ImageName {
  /** With its port: `registry.example:5000`. Of Docker Hub `docker.io`. */
  readonly host: string;
  /** `library/alpine`. */
  readonly repository: string;
  /** As given; undefined: none was given. */
  readonly tag: string | undefined;
  /** `sha256:…`; it counts before a tag. */
  readonly digest: string | undefined;
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]{2,45}\\])(?::\\d{1,5})?$`);
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
/** Of host and repository together. */
const NAME_CHARACTERS = 255;

/** `HOST/NAME[:TAG][@DIGEST]`; throws ScanError `usage`. A short name of Docker Hub gets its `library/`. */
export function parseImageName(text: string, reference: string = text): ImageName {
  const [named = '', digestText, ...more] = text.split('@');
  const slash = named.indexOf('/');
  const [host, path] = [named.slice(0, slash), named.slice(slash + 1)];
  if (slash < 0 || !isHostName(host)) {
    throw wrong(reference, 'names no registry', 'write it first, as in registry:docker.io/library/alpine');
  }
  const colon = path.indexOf(':');
  const tag = colon < 0 ? undefined : path.slice(colon + 1);
  const written = colon < 0 ? path : path.slice(0, colon);
  const ofHub = isDockerHub(host);
  const repository = ofHub && !written.includes('/') ? `library/${written}` : written;
  if (!isRepositoryName(repository) || `${host}/${repository}`.length > NAME_CHARACTERS) {
    throw wrong(reference, 'has no name of a repository', 'write lower case letters, digits, . _ - and /');
  }
  if (tag !== undefined && !isTag(tag))
    throw wrong(reference, 'has a tag that is none', 'write letters, digits, . _ and -');
  const digest = digestOf(digestText);
  if (more.length > 0 || (digestText !== undefined && digest === '')) {
    throw wrong(reference, 'has a digest that is none', 'write sha256: and 64 digits of a to f and 0 to 9');
  }
  return { host: ofHub ? DOCKER_HUB : host, repository, tag, digest: digest === '' ? undefined : digest };
}

/** `registry.example`, `localhost`, `127.0.0.1:5000`: with a dot, a port, or as this machine. Anything else is the first part
 * of a repository's name, as docker takes it. */
function isHostName(text: string): boolean {
  return isRegistryHost(text) && (/[.:]/.test(text) || text === 'localhost');
}

/** Of a host by itself, as `phiscan sweep registry` takes it. */
export function isRegistryHost(text: string): boolean {
  return HOST.test(text) && Number(/:(\d+)$/.exec(text)?.[1] ?? 0) <= 65_535;
}

export function isRepositoryName(text: string): boolean {
  return text.length <= NAME_CHARACTERS && REPOSITORY.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export const DOCKER_HUB = 'docker.io';

/** By any of its names. */
export function isDockerHub(host: string): boolean {
  return host === DOCKER_HUB || host === 'index.docker.io' || host === 'registry-1.docker.io';
}

function wrong(reference: string, what: string, todo: string): ScanError {
  return new ScanError('usage', `${reference} ${what}: ${todo}`);
}
