import { openRegistryImage } from '../../source/registry-image.ts';
import type { Source } from '../../source/source.ts';
import { openEcr } from './client.ts';
import { parseEcrReference } from './reference.ts';
import { EcrRegistry } from './registry.ts';

/** How AWS is asked; undefined: as the environment or the profile says. */
export interface AwsAccess {
  /** A full address has its own. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** `NAME[:TAG][@DIGEST]` of a private registry of ECR, or a full address of one. Throws ScanError: `usage`, `not-found`,
 * `denied`, `unreachable`, `not-an-image`. */
export async function openEcrImage(
  place: string,
  reference: string,
  { platforms, aws = {} }: { readonly platforms?: readonly string[] | undefined; readonly aws?: AwsAccess | undefined },
): Promise<Source> {
  const { repository, tag, digest, account, region } = parseEcrReference(place, reference);
  const ecr = await openEcr({ ...aws, region: region ?? aws.region });
  const registry = new EcrRegistry(ecr, { account });
  const close = (): Promise<void> => registry.close();
  try {
    const source = await openRegistryImage(
      registry,
      { repository, tag, digest },
      { reference, medium: 'ecr', platforms },
    );
    return { ...source, close };
  } catch (error) {
    await close();
    throw error;
  }
}
