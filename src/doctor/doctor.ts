/** What must be right before a registry is swept. Everything that is asked is reading, and nothing is pulled. */
import { type EcrAccess, credentialsOf } from '../aws/ecr/account.ts';
import { openEcr } from '../aws/ecr/client.ts';
import { CallFailure } from '../aws/failure.ts';
import { callerIdentity, type Identity } from '../aws/identity.ts';
import type { ServiceOptions } from '../aws/service.ts';
import { ScanError } from '../errors.ts';
import type { Check } from './check.ts';
import { denials } from './denials.ts';
import { pullTimeExclusion } from './exclusion.ts';
import { layerBucket, layerStore } from './layer-store.ts';
import { docker, ledgerFolder } from './machine.ts';
import { publicPermissions, registryPermissions } from './permissions.ts';

export interface DoctorOptions {
  /** Accounts and Regions, as a sweep has them. */
  readonly accesses: readonly EcrAccess[];
  readonly cacheFolder: string;
}

/** In the order in which a person would go through them. */
export async function examine({ accesses, cacheFolder }: DoctorOptions): Promise<readonly Check[]> {
  const checks: Check[] = [await ledgerFolder(cacheFolder), await docker()];
  const publicAsked = new Set<string>();
  for (const access of accesses) {
    for (const check of await examineAccess(access, publicAsked)) checks.push(check);
  }
  return checks;
}

/** `publicAsked`: accounts whose public registry was looked at. */
async function examineAccess(access: EcrAccess, publicAsked: Set<string>): Promise<readonly Check[]> {
  const { role, ...options } = access;
  const asked = access.region ?? 'the Region of the profile';
  const id = 'credentials';
  let own: ServiceOptions;
  let identity: Identity;
  try {
    const credentials = await credentialsOf(role, options);
    own = { ...options, ...(credentials !== undefined && { credentials }) };
    identity = await callerIdentity(own);
  } catch (error) {
    if (!(error instanceof ScanError) && !(error instanceof CallFailure)) throw error;
    const todo = 'Log in (aws sso login), name a --profile, or check --role-arn';
    return [{ id, place: asked, subject: 'the credentials', state: 'failed', detail: error.message, todo }];
  }
  const ecr = await openEcr(own);
  const place = `${identity.account} ${ecr.region}`;
  const who = { id, place, subject: 'the credentials', action: 'sts:GetCallerIdentity' } as const;
  const where = ecr.endpoint ?? 'the address of AWS';
  try {
    return [
      { ...who, state: 'ok', detail: `${identity.arn}, at ${where}` },
      ...(await registryPermissions(ecr, place)),
      ...(publicAsked.has(identity.account) ? [] : [await examinePublic(own, identity.account)]),
      await layerStore(place, ecr.endpoint === undefined ? layerBucket(ecr.region) : undefined),
      await pullTimeExclusion(ecr, place, identity.arn),
      ...(await denials(place, { arn: identity.arn, role: role?.arn }, own)),
    ];
  } finally {
    publicAsked.add(identity.account);
    ecr.close();
  }
}

async function examinePublic(options: ServiceOptions, account: string): Promise<Check> {
  const { openEcrPublic } = await import('../aws/ecr/public-client.ts');
  const ecr = await openEcrPublic(options);
  try {
    return await publicPermissions(ecr, `${account} ${ecr.region}`);
  } finally {
    ecr.close();
  }
}
