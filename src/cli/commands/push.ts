/** `phiscan push`. */
import { type OptionRow, withOptions } from '../options/option-row.ts';
import type { PushRequest } from '../before-push/push-command.ts';
import type { CommandLine } from './command-line.ts';
import { imageOptions } from './scan.ts';

/** Of images that are elsewhere than in the Docker engine. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  '--region <name>',
  '--profile <name>',
  '--endpoint-url <url>',
  '--insecure',
]);

const pushOptions: readonly OptionRow[] = [
  ...imageOptions.filter(({ flags }) => !ELSEWHERE.has(flags)),
  { flags: '-a, --all-tags', text: 'scan and push all tags of the repository', fallback: { value: false } },
];

const pushHelp = `
It scans what docker push would send, as phiscan image docker-daemon:IMAGE does,
and runs docker push only when the scan of all images exits 0. An image that
gets another id in between is not pushed. Layers that were scanned before are
not scanned again. All platforms that the daemon has of it are scanned, unless
--platform names one. DOCKER_HOST and docker contexts are honoured; --all-tags,
--platform and --quiet are docker's, too; what stands behind -- is passed on.

Examples:
  $ phiscan push registry.example/team/app:1.4
  $ phiscan push registry.example/team/app:1.4 --fail-on high --quiet
  $ phiscan push --all-tags registry.example/team/app
  $ phiscan push registry.example/team/app:1.4 -- --disable-content-trust

Exit codes:
  0  clean, and pushed
  1  findings at or above --fail-on: not pushed
  2  wrong usage, an image that cannot be scanned or has changed, or a push that
     failed: docker's own exit code is in the message
  3  incomplete: not pushed (--allow-incomplete accepts it)`;

export function addPushCommand({ program, streams, loadScans, end, passedOn }: CommandLine): void {
  withOptions(program.command('push'), pushOptions)
    .description('scan images of the Docker daemon, and push them when they are clean')
    .usage('[options] <image...> [-- <options of docker push>]')
    .argument('<image...>', 'as docker push has them')
    .addHelpText('after', pushHelp)
    .action(async (words: string[], options: PushRequest) => {
      const { runPush } = await import('../before-push/push-command.ts');
      const images = words.slice(0, words.length - passedOn.length);
      end(await runPush(images, passedOn, options, await loadScans(), streams));
    });
}
