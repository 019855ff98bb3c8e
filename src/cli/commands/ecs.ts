/** `phiscan ecs` and `phiscan ecs watch`. */
import type { EcsRequest } from '../ecs-command.ts';
import { ecsOptions, watchOptions } from '../options/ecs-options.ts';
import { exitHelp } from '../options/exit-help.ts';
import { withOptions } from '../options/option-row.ts';
import { gateOptions, reportOptions } from '../options/shared-options.ts';
import type { WatchRequest } from '../watch-command.ts';
import type { CommandLine } from './command-line.ts';

const ecsHelp = `
It asks with the credentials that the AWS CLI would use, by reading calls only,
at half of the rate that AWS allows. Task definitions that were read before are
remembered for a week: their findings, without values, in PHISCAN_CACHE_DIR or
the user's cache folder.

--cluster leaves out other clusters, and task definitions that none of these
uses. --family leaves out all but these task definitions and the tasks that run
them. --since leaves out older revisions, deployments and stopped tasks.

Examples:
  $ phiscan ecs                              the Region of the profile
  $ phiscan ecs --region us-east-1 --region eu-west-1 --profile audit
  $ phiscan ecs --cluster prod --since 24h
  $ phiscan ecs --family web --max-revisions 10 --format json
${exitHelp}`;

export const watchHelp: string = `
Events are "ECS Task State Change", "ECS Service Action", "ECS Deployment State
Change" and "ECS Container Instance State Change", as an EventBridge rule sends
them to an SQS queue, also through SNS. Each finding or gap is one line of JSON
with the event's id, time and resource. A message is deleted when its lines are
written; one that is no event of ECS is a gap, and stays for the redrive policy
of the queue. In one run each message and event is told once; after a restart,
one that was not deleted yet is told again. SIGTERM and SIGINT end the watch
after the message in hand.

Without a queue, ECS is asked every --interval for stopped tasks and the events
of services.

Examples:
  $ phiscan ecs watch --queue-url "$QUEUE_URL" --output findings.jsonl
  $ phiscan ecs watch --queue-url "$QUEUE_URL" --once
  $ phiscan ecs watch - < events.jsonl
  $ phiscan ecs watch --cluster prod --interval 15m
${exitHelp}`;

export function addEcsCommands({ program, streams, end }: CommandLine): void {
  const ecs = withOptions(program.command('ecs'), [...reportOptions, ...ecsOptions])
    .enablePositionalOptions()
    .description('scan the texts that Amazon ECS keeps: task definitions, services, tasks, tags')
    .addHelpText('after', ecsHelp)
    .action(async (options: EcsRequest) => {
      const { runEcs } = await import('../ecs-command.ts');
      end(await runEcs(options, streams));
    });
  withOptions(ecs.command('watch'), [...watchOptions, ...gateOptions])
    .description('scan events as they happen, and report them line by line')
    .argument(
      '[source]',
      '- for JSON Lines on standard input; without it and --queue-url, ECS is asked again and again',
    )
    .addHelpText('after', watchHelp)
    .action(async (source: string | undefined, options: WatchRequest) => {
      const { runWatch } = await import('../watch-command.ts');
      end(await runWatch(source, options, streams));
    });
}
