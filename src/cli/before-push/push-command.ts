import { ScanError } from '../../errors.ts';
import type { FailOn } from '../../finding.ts';
import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { imageIds, tagsOf } from '../../source/docker-images.ts';
import { runDocker } from './docker-client.ts';
import { plannedOutputs } from '../outputs.ts';
import { type ImageRequest, runImages, type Scans } from '../scan-command.ts';
import { loadSettings } from '../config/settings.ts';
import type { Streams } from '../streams.ts';

/** The options of `phiscan push`. */
export interface PushRequest extends ImageRequest {
  readonly allTags: boolean;
  readonly quiet: boolean;
}

/**
 * Scans images of the Docker engine and pushes them when the scan of all of them exits 0. What is pushed is what was scanned:
 * a name that names another image by then is not pushed.
 */
export async function runPush(
  images: readonly string[],
  passedOn: readonly string[],
  request: PushRequest,
  scans: Scans,
  streams: Streams,
): Promise<ExitCode> {
  checkPassedOn(passedOn);
  const { stderr, env } = streams;
  // Before the scan, which may take longer than anybody wants to wait for a missing program.
  await runDocker(['--version'], env, 'ignore');
  const names = [...new Set(images)].map((name) => (request.allTags ? withoutTag(name) : withTag(name)));
  const scanned = await pushedImages(names, request);
  const { platform = [] } = request;
  if (platform.length > 1) {
    throw new ScanError(
      'usage',
      `several platforms (${platform.join(', ')}). docker push takes one, or all that are there`,
    );
  }
  // All that docker would send is scanned, whatever platforms the configuration has for others.
  const own = { ...request, platform, insecure: false };
  const settings = await loadSettings(own, env);
  const references = [...scanned.keys()].map((name) => `docker-daemon:${name}`);
  // What a program reads from standard output is the report alone.
  const isForProgram = plannedOutputs(request, settings.outputs).some(
    ({ format, file }) => file === undefined && format !== 'table',
  );
  const code = await runImages(references, own, scans, streams);
  if (code !== exitCodes.clean) {
    stderr.write(`phiscan: not pushed: ${whyNot(code, settings.failOn)}\n`);
    return code;
  }
  for (const name of names) {
    await expectSame(name, scanned, request, 'It was not pushed: push again, and it is scanned again');
    await push(name, passedOn, { ...request, isForProgram }, streams);
    // Docker pushes what the name names, and says of which image only to a person.
    await expectSame(name, scanned, request, 'What was pushed may not be what was scanned: look at it, and push again');
  }
  return exitCodes.clean;
}

/** Id by name of all that docker would send. */
async function pushedImages(names: readonly string[], { allTags }: PushRequest): Promise<ReadonlyMap<string, string>> {
  if (!allTags) return await imageIds(names);
  const tags: string[] = [];
  for (const name of names) tags.push(...(await tagsOf(name)));
  return await imageIds(tags);
}

async function expectSame(
  name: string,
  scanned: ReadonlyMap<string, string>,
  request: PushRequest,
  todo: string,
): Promise<void> {
  const now = await pushedImages([name], request);
  for (const [tag, id] of now) {
    const before = scanned.get(tag);
    if (before === id) continue;
    const what = before === undefined ? 'is a new tag' : 'names another image than the one that was scanned';
    throw new ScanError('push', `${tag} ${what} (${id}). ${todo}`);
  }
}

async function push(
  name: string,
  passedOn: readonly string[],
  request: PushRequest & { readonly isForProgram: boolean },
  streams: Streams,
): Promise<void> {
  const { allTags, quiet, platform = [], isForProgram } = request;
  const args = [
    'push',
    ...(allTags ? ['--all-tags'] : []),
    ...(quiet ? ['--quiet'] : []),
    ...platform.flatMap((one) => ['--platform', one]),
    ...passedOn,
    name,
  ];
  streams.voice.detail(`docker ${args.join(' ')}`);
  const code = await runDocker(args, streams.env, isForProgram ? 2 : 1);
  if (code !== 0) {
    const how = code < 128 ? `exit ${code}` : 'it was stopped';
    throw new ScanError('push', `docker push failed (${name}; ${how}). What docker said stands above`);
  }
}

function whyNot(code: Exclude<ExitCode, 0>, failOn: FailOn): string {
  switch (code) {
    case exitCodes.findings:
      return `there are findings at or above ${failOn} (--fail-on). See the report, rebuild, and push again`;
    case exitCodes.incomplete:
      return 'not everything could be read (see the report). --allow-incomplete accepts what an image cannot give';
    case exitCodes.error:
      return 'it could not be scanned (see above). Put that right, and push again';
  }
}

/** Without a tag, docker pushes `latest`, and saves all tags. */
function withTag(name: string): string {
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}

function withoutTag(name: string): string {
  if (!/[:@][^/]*$/.test(name)) return name;
  throw new ScanError('usage', `a tag beside --all-tags (${name}). Give the name of the repository alone`);
}

/** Options that say what is pushed are phiscan's own, since they say what is scanned, too; a name would be pushed unscanned. */
function checkPassedOn(words: readonly string[]): void {
  for (const word of words) {
    if (!/^--\w/.test(word) && word !== '-q') {
      throw new ScanError('usage', `no long option of docker push (${word} behind --). Write it as --OPTION=VALUE`);
    }
    if (/^--(?:all-tags|platform)(?:=|$)/.test(word)) {
      const [option = ''] = word.split('=');
      throw new ScanError('usage', `${option} says what is scanned, too (behind --). Give it before --`);
    }
  }
}
