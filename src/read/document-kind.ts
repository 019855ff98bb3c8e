import { BytePattern } from '../detect/automaton.ts';

/**
 * What a document says about how something runs. There each element of a list has its own place, keys are names that people
 * look for, and members have nothing to do with each other.
 *
 * - `ecs`: what Amazon ECS takes or gives: task definitions, answers of its calls, its events.
 * - `definition`: of AWS, some of whose texts ECS will keep: CloudFormation, Terraform, Copilot, Batch, Lambda, ...
 * - `configuration`: any other: Compose, Kubernetes, Heroku, a Dockerfile, ...
 */
export type DocumentKind = 'ecs' | 'definition' | 'configuration';

/** Keys that no other format has. */
const ECS =
  /["']?(?:containerDefinitions|daemonTaskDefinition|taskDefinitionArn|containerInstanceArn|capacityProviderArn|containerOverrides|primaryContainer|stoppedReason)["']?\s{0,8}[:=]|arn:aws[\w-]{0,16}:ecs:|["']aws\.ecs["']/;
const TEMPLATE = /AWSTemplateFormatVersion|["']?Type["']?\s{0,8}:\s{0,8}["']?AWS::/;
const DEFINITION =
  /["']?type["']?\s{0,8}:\s{0,8}["']?(?:aws:|(?:Load Balanced Web|Backend|Worker|Request-Driven Web) Service|Scheduled Job|Static Site)|["']?(?:terraform_version|format_version|planned_values|containerProperties|container_definitions|option_settings|AWSEBDockerrunVersion|FunctionName|task_definition|StartAt|taskdef_overrides)["']?\s{0,8}:|^\s{0,8}(?:resource|variable|module|locals)\s[^\n]{0,200}\{|["'](?:aws:s3|aws:sns|aws:sqs)["']/m;
const CONFIGURATION =
  /^["']?(?:apiVersion|services)["']?\s{0,8}:|["'](?:buildpacks|formation|target|targets|availability-zones[^"']{0,200})["']\s{0,8}:|^\s{0,8}(?:target|group)\s[^\n]{0,200}\{|^(?:FROM|ARG|ENV)\s/m;
/** What stands in every text that one of the above is in. RE2 asks it of all bytes at once: most documents are of no kind, and
 * the patterns above are slow to say so. */
const MAY_TELL = new BytePattern(
  [
    'containerDefinitions|daemonTaskDefinition|taskDefinitionArn|containerInstanceArn|capacityProviderArn|containerOverrides',
    'primaryContainer|stoppedReason|arn:aws|aws\\.ecs|AWSTemplateFormatVersion|AWS::',
    '["\']?type["\']?\\s{0,8}:\\s{0,8}["\']?(?:aws:|Load|Backend|Worker|Request|Scheduled|Static)',
    'terraform_version|format_version|planned_values|containerProperties|container_definitions|option_settings',
    'AWSEBDockerrunVersion|FunctionName|task_definition|StartAt|taskdef_overrides|aws:(?:s3|sns|sqs)',
    '(?:^|[\\r\\n])["\'\\s]{0,9}(?:resource|variable|module|locals|target|group|apiVersion|services|FROM|ARG|ENV)["\'\\s:]',
    '["\'](?:buildpacks|formation|targets?|availability-zones)',
  ].join('|'),
);
/** A task that was not run by hand: what stop-task and run-task take. */
const CALL = /^\s{0,64}\{(?=[^]{0,2000}?["']cluster["']\s{0,8}:)(?=[^]{0,2000}?["']task(?:Definition|s)?["']\s{0,8}:)/;
/** Where the keys that tell stand. In bytes. */
const PROBE_BYTES = 65_536;
/** The furthest that `CALL` looks. */
const CALL_BYTES = 2_200;

export function documentKind(head: Buffer): DocumentKind | undefined {
  const probe = head.subarray(0, PROBE_BYTES);
  if (!MAY_TELL.test(probe)) return CALL.test(probe.toString('latin1', 0, CALL_BYTES)) ? 'ecs' : undefined;
  const text = probe.toString('latin1');
  if (TEMPLATE.test(text)) return 'definition';
  if (ECS.test(text) || CALL.test(text)) return 'ecs';
  if (DEFINITION.test(text)) return 'definition';
  return CONFIGURATION.test(text) ? 'configuration' : undefined;
}
