/** What `--help` of `phiscan sweep` prints below the options. */
import { exitHelp } from './help-texts.ts';

export const sweepHelp: string = `
Examples:
  $ phiscan sweep ecr --region us-east-1
  $ phiscan sweep registry registry.example:5000 --dry-run
${exitHelp}`;

const common = `
A sweep lists the registry, plans, and reads each layer once, however many
images hold it. What was read is remembered in the ledger: findings, without
values, in PHISCAN_CACHE_DIR or the user's cache folder. So a sweep that was
stopped goes on where it was, and the next one reads only what is new.

What is archived, encrypted, denied, throttled, or left out by --max-bytes or
--deadline is a gap: such an image is incomplete, never clean. SIGTERM ends a
sweep with a report of what was read.
`;

export const ecrSweepHelp: string = `${common}
It asks by reading calls only, with the credentials that the AWS CLI would use
or with those of each role. Scanned are images by digest, untagged ones too, and
the texts of ECR: names, tags, policies, lifecycle rules, templates.

Examples:
  $ phiscan sweep ecr --region us-east-1 --region eu-west-1
  $ phiscan sweep ecr --repository 'team/*' --since 7d --format jsonl
  $ phiscan sweep ecr --dry-run
  $ phiscan sweep ecr --max-bytes 200GB --deadline 6h --securityhub
  $ phiscan sweep ecr --events - < events.jsonl
${exitHelp}`;

export const registrySweepHelp: string = `${common}
Users and passwords are those of docker login. Manifests without a tag are in no
list of such a registry, but for those that an index or a referrer names.

Examples:
  $ phiscan sweep registry registry.example:5000
  $ phiscan sweep registry 127.0.0.1:5000 --insecure --repository 'team/*'
  $ phiscan sweep registry registry.example --format jsonl --output sweep.jsonl
${exitHelp}`;
