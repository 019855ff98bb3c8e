/** The one door to the SDK's STS client: who asks, and roles that are taken to ask. */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ScanError } from '../errors.ts';
import { CallFailure } from './failure.ts';
import { clientSettings, type Credentials, type ServiceOptions } from './service.ts';
import { checkCredentials, regionOf } from './settings.ts';

export interface Identity {
  readonly account: string;
  /** Of the role's session or the user. */
  readonly arn: string;
}

export interface Role {
  /** `arn:aws:iam::123456789012:role/phiscan`. */
  readonly arn: string;
  /** What the role's trust asks for, where it does. */
  readonly externalId?: string | undefined;
}

/** Attempts of a call: it is one of the first, and a wrong address must not take a minute. */
const ATTEMPTS = 3;
/** How CloudTrail calls what phiscan does there. */
const SESSION_NAME = 'phiscan';

/** Who asks; needs no permission. Throws CallFailure; ScanError where there are no credentials. */
export async function callerIdentity(options: ServiceOptions): Promise<Identity> {
  const client = await openSts(options);
  try {
    const { Account: account = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    throw new CallFailure('sts', 'GetCallerIdentity', error, false);
  } finally {
    client.destroy();
  }
}

/** Keys of the role, taken anew whenever the SDK asks for such that have not expired. Throws ScanError when it may not be taken. */
export async function roleCredentials(role: Role, options: ServiceOptions): Promise<Credentials> {
  const first = await takeRole(role, options);
  let unused: Awaited<ReturnType<Credentials>> | undefined = first;
  return async () => {
    const keys = unused ?? (await takeRole(role, options));
    unused = undefined;
    return keys;
  };
}

async function takeRole({ arn, externalId }: Role, options: ServiceOptions): ReturnType<Credentials> {
  const client = await openSts(options);
  try {
    const { Credentials: keys } = await client.send(
      new AssumeRoleCommand({
        RoleArn: arn,
        RoleSessionName: SESSION_NAME,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      }),
    );
    return {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      ...(keys?.SessionToken === undefined ? {} : { sessionToken: keys.SessionToken }),
      ...(keys?.Expiration === undefined ? {} : { expiration: keys.Expiration }),
    };
  } catch (error) {
    const { kind, reason } = new CallFailure('sts', 'AssumeRole', error, false);
    if (kind === 'unreachable') {
      throw new ScanError(
        'not-found',
        `STS does not answer (${reason}). Check the Region, the network and --endpoint-url`,
      );
    }
    const todo = 'Check its trust policy, the right to sts:AssumeRole, and --external-id';
    throw new ScanError('denied', `the role may not be taken (--role-arn, ${roleName(arn)}: ${reason}). ${todo}`);
  } finally {
    client.destroy();
  }
}

async function openSts(options: ServiceOptions): Promise<STSClient> {
  const client = new STSClient(clientSettings(options, () => ATTEMPTS));
  await regionOf(client.config);
  await checkCredentials(client.config, options.profile);
  return client;
}

/** `arn:aws:iam::123456789012:role/team/phiscan` → `123456789012:role/team/phiscan`. */
function roleName(arn: string): string {
  return arn.split(':').slice(4).join(':');
}
