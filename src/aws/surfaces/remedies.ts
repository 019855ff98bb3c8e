import type { RemedyId } from './surface-table.ts';

/** Of every text that AWS keeps. */
const COPIES =
  'Copies stay in CloudTrail, AWS Config, EventBridge archives and CloudFormation stacks: treat them by your incident process.';

const sentences: Readonly<Record<RemedyId, string>> = {
  'task-definition':
    'Register a new revision without the text, move services and schedules to it, then deregister the old revisions and ' +
    'delete them (delete-task-definitions): an update alone leaves the old text.',
  'task-run':
    'Overrides, startedBy and group stay with the task until at least one hour after it stops: take the values out of what ' +
    'calls run-task, and pass a reference to where PHI may rest.',
  tags: 'Take the tag off (untag-resource) and out of what sets it; tags are copied to tasks, volumes and cost reports.',
  'exit-string':
    'An exit string cannot be edited; stopped tasks expire after about an hour. Mend the code that passes the text on, and ' +
    'empty the queues and logs that received the event.',
  'service-event':
    'A service event cannot be edited; ECS keeps the newest 100. Take the text out of what the event repeats.',
  service:
    'Update the service without the text. Earlier deployments and service revisions keep it and cannot be edited: delete ' +
    'and create the service anew where it must go.',
  cluster: 'Update the cluster or the setting; the text stays in what was created from it.',
  name: 'A name cannot be changed: create the resource anew under another name, and delete this one with all its revisions.',
  'parameter-name':
    'The name of a secret or parameter is text, too: store it under a neutral name, then register a new revision and ' +
    'delete the old ones.',
  attribute: 'Delete the attribute (delete-attributes) and put it again without the text.',
  template:
    'Take the text out of the template and its parameters (a secret or a reference instead), and update the stack: ' +
    'earlier templates and states keep it.',
  'job-definition': 'Register a new job definition without the text and deregister the old revisions.',
  function: 'Update the function without the text, and delete the published versions that keep it.',
  event: 'Take the text out of the rule, schedule or state machine, or name the object by a neutral key.',
  'public-text':
    'Everybody can read this text: take it out now (put-repository-catalog-data, put-registry-catalog-data; names and tags by ' +
    'deleting them).',
  repository:
    'A repository cannot be renamed: create it anew under another name, push what may stay, and delete this one with all ' +
    'its replicas. Its name also stands in policies, CloudTrail and every reference to its images.',
  'image-tag':
    'Give the digest a neutral tag and delete this one (batch-delete-image with imageTag); replicas and pull-through caches ' +
    'keep their own.',
  policy: 'Put the policy anew without the text (set-repository-policy, put-registry-policy, put-lifecycle-policy).',
  'registry-settings':
    'Update the template, rule or filter without the text; repositories that were created from it keep what it gave them.',
  container:
    'The Docker engine keeps the text until the container is removed (docker rm), its logs and events may keep it longer: ' +
    'pass such values from where PHI may rest, a mounted file or a secret store, and make the container anew.',
  resource: 'Update or delete what holds the text; ECS keeps it outside your instances.',
};

/** What a person does about findings, for each remedy that one of them names, and about their `copies`. */
export function remedyTexts(remedies: ReadonlySet<string>): Readonly<Record<string, string>> {
  const named = Object.entries(sentences).filter(([remedy]) => remedies.has(remedy));
  const isOfAws = named.some(([remedy]) => remedy !== 'container');
  return { ...Object.fromEntries(named), ...(isOfAws && { copies: COPIES }) };
}
