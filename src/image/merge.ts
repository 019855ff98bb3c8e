import type { BlobClaim, ImageClaim } from './claim.ts';
import { documentOf } from './claim.ts';
import { arrayOf, memberOf } from './json.ts';

/** Claims of one image as one, and where each claim went. */
export interface MergedClaims {
  /** In the order of each image's first claim. */
  readonly claims: readonly ImageClaim[];
  readonly mergedOf: (claim: ImageClaim) => ImageClaim | undefined;
}

/**
 * One image for each configuration with its layers, however many documents name it. A claim without layers (Docker
 * 25.0.0 wrote such manifests), or with layers that nobody can name (absent legacy ones), joins the image with the same
 * configuration.
 */
export function mergeClaims(claims: readonly ImageClaim[]): MergedClaims {
  const images = new Map<string, ImageClaim[]>();
  const firstOf = new Map<string, string>();
  const isWhole = (claim: ImageClaim): boolean =>
    claim.layers.length > 0 && claim.layers.every((layer) => keyOf(layer) !== '');
  for (const [index, claim] of claims.entries()) {
    if (!isWhole(claim)) continue;
    const key = imageKey(claim, index);
    addTo(images, key, claim);
    if (configKey(claim) !== '' && !firstOf.has(configKey(claim))) firstOf.set(configKey(claim), key);
  }
  for (const [index, claim] of claims.entries()) {
    if (isWhole(claim)) continue;
    const key = firstOf.get(configKey(claim));
    const known = key === undefined ? undefined : images.get(key)?.[0];
    const joins = key !== undefined && known !== undefined && hasLayersOf(claim, known);
    addTo(images, joins ? key : imageKey(claim, index), claim);
  }
  const merged = new Map<ImageClaim, ImageClaim>();
  for (const same of images.values()) {
    const one = joinClaims(same);
    for (const claim of same) merged.set(claim, one);
  }
  const inOrder = new Set(claims.map((claim) => merged.get(claim)).filter((claim) => claim !== undefined));
  return { claims: [...inOrder], mergedOf: (claim) => merged.get(claim) };
}

/** Digest of the content, or the promised one. */
function keyOf(claim: BlobClaim | undefined): string {
  return claim?.blob?.digest ?? claim?.digest ?? '';
}

function configKey({ config }: ImageClaim): string {
  return keyOf(config);
}

/** Without a configuration nothing says that two claims are one image. */
function imageKey(claim: ImageClaim, index: number): string {
  const config = configKey(claim);
  if (config === '') return `claim ${String(index)}`;
  // An attestation or a signature has its own layers and, often, the empty configuration of all the others.
  return [config, claim.subject ?? '', ...claim.layers.map(keyOf)].join(' ');
}

function hasLayersOf(claim: ImageClaim, known: ImageClaim): boolean {
  if (claim.subject !== known.subject) return false;
  if (claim.layers.length === 0) {
    return arrayOf(memberOf(memberOf(documentOf(claim.config)?.json, 'rootfs'), 'diff_ids')).length > 0;
  }
  const isSame = (layer: BlobClaim, index: number): boolean => {
    return keyOf(layer) === '' || keyOf(layer) === keyOf(known.layers[index]);
  };
  return claim.layers.length === known.layers.length && claim.layers.every(isSame);
}

function joinClaims(claims: readonly ImageClaim[]): ImageClaim {
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('an image has at least one claim');
  if (others.length === 0) return first;
  const manifests = claims.map(({ manifest }) => manifest).filter((manifest) => manifest !== undefined);
  const further = manifests.slice(1).map(documentOf);
  const documents = [...claims.flatMap((claim) => claim.documents), ...further].filter(
    (document) => document !== undefined,
  );
  return {
    ...first,
    names: claims.flatMap(({ names }) => names),
    tagged: claims.some(({ tagged }) => tagged),
    manifest: manifests[0],
    platform: claims.find(({ platform }) => platform !== undefined)?.platform,
    documents: [...new Set(documents)],
  };
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
