/** The registries of accounts: what a sweep of ECR begins with. */
import { ScanError } from '../../errors.ts';
import { textOf } from '../../image/json.ts';
import { CallFailure } from '../failure.ts';
import { callerIdentity, type Role, roleCredentials } from '../identity.ts';
import type { Credentials, ServiceOptions } from '../service.ts';
import { type Ecr, type EcrOptions, openEcr } from './client.ts';
import { callFault } from './fault.ts';
import { EcrListing, type EcrListingOptions } from './listing.ts';
import { EcrPublicListing } from './public-listing.ts';
import { EcrRegistry, type EcrRegistryOptions } from './registry.ts';

/** One account in one Region, and how it is asked. */
export interface EcrAccess extends Omit<EcrOptions, 'credentials'> {
  /** Undefined: whoever the credentials are. */
  readonly role?: Role | undefined;
}

export interface EcrAccount {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly registry: EcrRegistry;
  readonly listing: EcrListing;
  /** Its texts that everybody may read: the same in each Region, so once for an account. The caller closes it. */
  readonly openPublic: () => Promise<PublicTexts>;
  /** Ends all connections; may be called twice. */
  readonly close: () => Promise<void>;
}

interface PublicTexts {
  readonly listing: EcrPublicListing;
  readonly close: () => void;
}

/** Each role in each Region; without any, the credentials' own account and Region. */
export function ecrAccesses(
  { regions, roles }: { readonly regions: readonly string[]; readonly roles: readonly Role[] },
  common: Omit<EcrAccess, 'region' | 'role'>,
): readonly EcrAccess[] {
  const inRegions = regions.length === 0 ? [undefined] : [...new Set(regions)];
  const asRoles = roles.length === 0 ? [undefined] : roles;
  return asRoles.flatMap((role) => inRegions.map((region) => ({ ...common, region, role })));
}

/**
 * Asks who it is; throws ScanError when it cannot be asked at all.
 *
 * @param downloads - Of layers; without it, the usual pace.
 */
export async function openEcrAccount(
  access: EcrAccess,
  texts: Omit<EcrListingOptions, 'signal'>,
  downloads: Pick<EcrRegistryOptions, 'pace'> = {},
): Promise<EcrAccount> {
  const { role, ...options } = access;
  const credentials = await credentialsOf(role, options);
  const own: EcrOptions = { ...options, ...(credentials !== undefined && { credentials }) };
  const ecr = await openEcr(own);
  try {
    const account = await accountOf(ecr, own);
    const registry = new EcrRegistry(ecr, { account, ...downloads });
    const listing = new EcrListing(ecr, { ...texts, signal: access.signal });
    return {
      account,
      region: ecr.region,
      registry,
      listing,
      openPublic: async () => {
        const { openEcrPublic } = await import('./public-client.ts');
        const open = await openEcrPublic(own);
        return { listing: new EcrPublicListing(open, { ...texts, signal: access.signal }), close: open.close };
      },
      close: () => registry.close(),
    };
  } catch (error) {
    ecr.close();
    throw error;
  }
}

/** Undefined without a role: then those of the environment or the profile serve. */
export function credentialsOf(role: Role | undefined, options: ServiceOptions): Promise<Credentials | undefined> {
  return role === undefined ? Promise.resolve(undefined) : roleCredentials(role, options);
}

/** As ECR tells it, or STS where ECR may not be asked that. */
async function accountOf(ecr: Ecr, options: ServiceOptions): Promise<string> {
  let first: CallFailure;
  try {
    const account = textOf((await ecr.ask('DescribeRegistry', {}))['registryId']);
    if (/^\d{12}$/.test(account)) return account;
    throw new ScanError('unreachable', `what answers in ${ecr.region} is not ECR. Check --endpoint-url`);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    first = error;
  }
  if (first.kind === 'denied' || first.kind === 'unsupported') {
    try {
      return (await callerIdentity(options)).account;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
    }
  }
  throw callFault(first, `the registry in ${ecr.region}`);
}
