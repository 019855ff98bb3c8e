import { arrayOf, memberOf } from '../../image/json.ts';
import type { EcsOperation } from './client.ts';
import { isText } from '../response.ts';
import type { Described, Sweep } from './sweep.ts';

/** How the past of a service, or of a daemon, is described. */
interface RolloutKind<Deployments extends EcsOperation, Revisions extends EcsOperation> {
  readonly deployments: Described<Deployments>;
  readonly revisions: Described<Revisions>;
  /** Of a deployment: the revisions that it replaced, and the one that it brought. */
  readonly sources: string;
  readonly target: string;
  /** Of a revision: its task definition's ARN. */
  readonly taskDefinition: string;
}

export const ofServices: RolloutKind<'DescribeServiceDeployments', 'DescribeServiceRevisions'> = {
  deployments: {
    operation: 'DescribeServiceDeployments',
    batch: 20,
    input: (serviceDeploymentArns) => ({ serviceDeploymentArns }),
    key: 'serviceDeployments',
    arnKey: 'serviceDeploymentArn',
    isHistory: true,
  },
  revisions: {
    operation: 'DescribeServiceRevisions',
    batch: 20,
    input: (serviceRevisionArns) => ({ serviceRevisionArns }),
    key: 'serviceRevisions',
    arnKey: 'serviceRevisionArn',
    isHistory: true,
  },
  sources: 'sourceServiceRevisions',
  target: 'targetServiceRevision',
  taskDefinition: 'taskDefinition',
};

export const ofDaemons: RolloutKind<'DescribeDaemonDeployments', 'DescribeDaemonRevisions'> = {
  deployments: {
    operation: 'DescribeDaemonDeployments',
    batch: 20,
    input: (daemonDeploymentArns) => ({ daemonDeploymentArns }),
    key: 'daemonDeployments',
    arnKey: 'daemonDeploymentArn',
    isHistory: true,
  },
  revisions: {
    operation: 'DescribeDaemonRevisions',
    batch: 20,
    input: (daemonRevisionArns) => ({ daemonRevisionArns }),
    key: 'daemonRevisions',
    arnKey: 'daemonRevisionArn',
    isHistory: true,
  },
  sources: 'sourceDaemonRevisions',
  target: 'targetDaemonRevision',
  taskDefinition: 'daemonTaskDefinitionArn',
};

/** Reads the deployments that are listed, their revisions and those that are current. */
export async function readRollouts<Deployments extends EcsOperation, Revisions extends EcsOperation>(
  sweep: Sweep,
  path: string,
  kind: RolloutKind<Deployments, Revisions>,
  { deployments, current }: { readonly deployments: AsyncIterable<string>; readonly current: readonly string[] },
): Promise<void> {
  const revisions = new Set(current);
  await sweep.describe(deployments, path, kind.deployments, (deployment) => {
    for (const arn of arnsOf([...arrayOf(deployment[kind.sources]), deployment[kind.target]])) revisions.add(arn);
  });
  await sweep.describe(revisions, path, kind.revisions, (revision) => {
    const arn = revision[kind.taskDefinition];
    if (isText(arn)) sweep.used.add(arn);
  });
}

/** Of summaries, which name what they sum up. */
export function arnsOf(summaries: unknown): readonly string[] {
  return arrayOf(summaries)
    .map((summary) => memberOf(summary, 'arn'))
    .filter(isText);
}
