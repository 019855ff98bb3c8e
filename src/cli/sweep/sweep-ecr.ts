import { credentialsOf, type EcrAccess, ecrAccesses, type EcrAccount, openEcrAccount } from '../../aws/ecr/account.ts';
import { publicTexts } from '../../sweep/public-texts.ts';
import type { SweptRegistry } from '../../sweep/sweep.ts';
import { type AccountsRequest, rolesOf } from '../options/aws-options.ts';
import type { OpenSweep, PlannedSweep, SweepRequest, SweepRun } from './sweep-run.ts';

/** The options of `phiscan sweep ecr`. */
export interface EcrSweepRequest extends SweepRequest, AccountsRequest {
  readonly events?: '-' | undefined;
}

/** Each role in each Region. */
export function ecrSweeps(request: EcrSweepRequest): readonly PlannedSweep[] {
  const toldPublic = new Set<string>();
  return accessesOf(request).map((access) => {
    const words = ['ecr', access.region, access.role?.arn].filter((word) => word !== undefined);
    return { reference: words.join(':'), open: (run) => openSweep(access, run, toldPublic) };
  });
}

export function accessesOf(request: EcrSweepRequest): readonly EcrAccess[] {
  const { region: regions = [], profile, endpointUrl: endpoint } = request;
  return ecrAccesses({ regions, roles: rolesOf(request) }, { profile, endpoint });
}

/** An account in a Region, with its Security Hub where findings go there. */
export async function openAccount(access: EcrAccess, run: SweepRun): Promise<EcrAccount> {
  const { engine, signal, request } = run;
  const account = await openEcrAccount({ ...access, signal }, { maskText: (text) => engine.maskText(text) });
  if (request.securityhub !== true || request.dryRun) return account;
  try {
    await useHub(account, access, run);
    return account;
  } catch (error) {
    await account.close();
    throw error;
  }
}

async function useHub({ account, region }: EcrAccount, access: EcrAccess, { hub, signal }: SweepRun): Promise<void> {
  const { role, ...options } = access;
  const [{ openSecurityHub }, { FindingImport }, credentials] = await Promise.all([
    import('../../aws/securityhub/client.ts'),
    import('../../aws/securityhub/import.ts'),
    credentialsOf(role, { ...options, signal }),
  ]);
  // Not with the signal: what was found before it is sent all the same.
  const client = await openSecurityHub({ ...options, region, ...(credentials !== undefined && { credentials }) });
  hub.use(account, region, new FindingImport(client));
}

async function openSweep(access: EcrAccess, run: SweepRun, toldPublic: Set<string>): Promise<OpenSweep> {
  const opened = await openAccount(access, run);
  const { account, region, registry, listing } = opened;
  const swept: SweptRegistry[] = [{ registry, listing, account, region }];
  const closePublic = await addPublic(opened, run, toldPublic, swept);
  return {
    swept,
    close: async () => {
      closePublic();
      await opened.close();
    },
  };
}

/** Once for each account, in the partition that has it; not where repositories were named, which are private ones. */
async function addPublic(
  { account, region, openPublic }: EcrAccount,
  { request }: SweepRun,
  told: Set<string>,
  swept: SweptRegistry[],
): Promise<() => void> {
  const isThere = !/^(?:cn|us-gov|us-iso[a-z]?|eu-isoe)-/.test(region);
  if (!isThere || told.has(account) || request.dryRun || (request.repository ?? []).length > 0) return () => undefined;
  told.add(account);
  const { listing, close } = await openPublic();
  swept.push(publicTexts(listing, account, region));
  return close;
}
