import { type Command, Option } from 'commander';
import type { Role } from '../aws/identity.ts';
import {
  parseEndpoint,
  parseExternalId,
  parseOneRegion,
  parseProfile,
  parseRegion,
  parseRoleArn,
} from './option-values.ts';

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

export function withAwsOptions(command: Command): Command {
  return withAddress(
    command.addOption(new Option('--region <name>', "of ECR, instead of the profile's").argParser(parseOneRegion)),
  );
}

export function withAccountOptions(command: Command): Command {
  return withAddress(
    command
      .addOption(new Option('--region <name>', "instead of the profile's; may be repeated").argParser(parseRegion))
      .addOption(
        new Option('--role-arn <arn>', 'ask as this role, of another account too; may be repeated').argParser(
          parseRoleArn,
        ),
      )
      .addOption(new Option('--external-id <id>', 'that the roles ask for').argParser(parseExternalId)),
  );
}

function withAddress(command: Command): Command {
  return command
    .addOption(new Option('--profile <name>', 'of the AWS configuration').argParser(parseProfile))
    .addOption(new Option('--endpoint-url <url>', 'another address than that of AWS').argParser(parseEndpoint));
}

/** The roles that are named, each once. */
export function rolesOf({ roleArn = [], externalId }: AccountsRequest): readonly Role[] {
  return [...new Set(roleArn)].map((arn) => ({ arn, externalId }));
}
