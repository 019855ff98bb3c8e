import { addressOptions } from './aws-options.ts';
import type { OptionRow } from './option-row.ts';
import {
  parseCluster,
  parseFamily,
  parseInterval,
  parseMaxMessages,
  parseMaxRevisions,
  parseOneRegion,
  parseOutput,
  parseQueueUrl,
  parseRegion,
  parseSince,
} from './option-values.ts';

/** Of `phiscan ecs`. */
export const ecsOptions: readonly OptionRow[] = [
  { flags: '--cluster <name>', text: 'only this cluster; may be repeated', parse: parseCluster },
  { flags: '--family <name>', text: 'only this task definition; may be repeated', parse: parseFamily },
  { flags: '--max-revisions <number>', text: 'of each task definition only the newest', parse: parseMaxRevisions },
  { flags: '--since <time>', text: 'only what is newer: 2026-11-01, or an age as 36h or 7d', parse: parseSince },
  { flags: '--region <name>', text: "instead of the profile's; may be repeated", parse: parseRegion },
  ...addressOptions,
  { flags: '--no-cache', text: 'ask again for what was read before, and remember nothing' },
];

/** Of `phiscan ecs watch`. */
export const watchOptions: readonly OptionRow[] = [
  { flags: '--queue-url <url>', text: 'of the SQS queue that EventBridge fills', parse: parseQueueUrl },
  { flags: '--cluster <name>', text: 'asks for this cluster only; may be repeated', parse: parseCluster },
  {
    flags: '--interval <time>',
    text: 'between two questions: 10s to 30m',
    parse: parseInterval,
    fallback: { value: 20 * 60_000, words: '20m' },
  },
  { flags: '--once', text: 'end when the queue is empty, or ECS was asked once', fallback: { value: false } },
  { flags: '--max-messages <number>', text: 'end after so many messages or lines', parse: parseMaxMessages },
  { flags: '--region <name>', text: "instead of the queue's or the profile's", parse: parseOneRegion },
  ...addressOptions,
  { flags: '--output <file>', text: 'add the lines to a file', parse: parseOutput },
];
