/**
 * What a document with pointers is, where that matters for its findings: each has its own place in a list, and the
 * parts of it that AWS keeps stand by themselves.
 *
 * - `ecs`: what Amazon ECS takes or gives: task definitions, answers of its calls, its events.
 * - `definition`: of what is to run somewhere: CloudFormation, Terraform, Compose, Kubernetes, a Dockerfile, ...
 */
export type DocumentKind = 'ecs' | 'definition';

/** Keys that no other format has. */
const ECS =
  /["']?(?:containerDefinitions|daemonTaskDefinition|taskDefinitionArn|containerInstanceArn|capacityProviderArn|containerOverrides|primaryContainer|stoppedReason)["']?\s{0,8}[:=]|arn:aws[\w-]{0,16}:ecs:|["']aws\.ecs["']/;
const DEFINITION =
  /AWSTemplateFormatVersion|["']?[tT]ype["']?\s{0,8}:\s{0,8}["']?(?:AWS::|aws:|kubernetes:)|["']?(?:terraform_version|format_version|planned_values|containerProperties|container_definitions|apiVersion|services|option_settings|AWSEBDockerrunVersion|FunctionName|task_definition|StartAt|taskdef_overrides|buildpacks|formation)["']?\s{0,8}:|^\s{0,8}(?:resource|variable|module|locals|target|group)\s[^\n]{0,200}\{|["'](?:aws:s3|aws:sns|aws:sqs)["']|^FROM\s|^ARG\s/m;
/** Where the keys that tell stand. In bytes. */
const PROBE_BYTES = 65_536;

export function documentKind(head: Buffer): DocumentKind | undefined {
  const text = head.toString('latin1', 0, PROBE_BYTES);
  if (/AWSTemplateFormatVersion/.test(text)) return 'definition';
  if (ECS.test(text)) return 'ecs';
  return DEFINITION.test(text) ? 'definition' : undefined;
}
