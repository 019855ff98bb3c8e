import type { Role } from '../../aws/identity.ts';
import {
  parseEndpoint,
  parseExternalId,
  parseOneRegion,
  parseProfile,
  parseRegion,
  parseRoleArn,
} from './option-values.ts';
import type { OptionRow } from './option-row.ts';

/** One Region of one account. */
export interface AwsRequest {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
}

/** Several Regions of several accounts. */
export interface AccountsRequest extends Omit<AwsRequest, 'region'> {
  readonly region?: readonly string[] | undefined;
  readonly roleArn?: readonly string[] | undefined;
  readonly externalId?: string | undefined;
}

/** Of whatever asks AWS. */
export const addressOptions: readonly OptionRow[] = [
  { flags: '--profile <name>', text: 'of the AWS configuration', parse: parseProfile },
  { flags: '--endpoint-url <url>', text: 'another address than that of AWS', parse: parseEndpoint },
];

/** Of commands that ask one Region. */
export const awsOptions: readonly OptionRow[] = [
  { flags: '--region <name>', text: "of ECR, instead of the profile's", parse: parseOneRegion },
  ...addressOptions,
];

/** Of commands that go through accounts. */
export const accountOptions: readonly OptionRow[] = [
  { flags: '--region <name>', text: "instead of the profile's; may be repeated", parse: parseRegion },
  { flags: '--role-arn <arn>', text: 'ask as this role, of another account too; may be repeated', parse: parseRoleArn },
  { flags: '--external-id <id>', text: 'that the roles ask for', parse: parseExternalId },
  ...addressOptions,
];

/** The roles that are named, each once. */
export function rolesOf({ roleArn = [], externalId }: AccountsRequest): readonly Role[] {
  return [...new Set(roleArn)].map((arn) => ({ arn, externalId }));
}
