/** phiscan as a plugin of docker's command line, by docker's cli-plugins protocol. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ScanError } from '../../errors.ts';
import { VERSION } from '../../version.ts';

/** What the installed script puts before the words of docker. */
export const PLUGIN_WORD = 'docker-cli-plugin';

/** What docker asks of each file in its folder of plugins, at most once a command (cli-plugins/metadata in docker/cli). */
const METADATA_WORD = 'docker-cli-plugin-metadata';

interface PluginCall {
  /** Printed, and nothing else is done. */
  readonly metadata?: string;
  /** As phiscan has them. */
  readonly argv: readonly string[];
  /** Undefined: not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** docker's own options, which stand before the plugin's name; those of one letter take their value from the next word, too. */
const VALUED: Readonly<Record<string, string>> = {
  '-c': '--context',
  '-H': '--host',
  '-l': '--log-level',
  '--config': '--config',
  '--context': '--context',
  '--host': '--host',
  '--log-level': '--log-level',
};
const BARE: ReadonlySet<string> = new Set(['-D', '--debug']);

/** Of the words that docker runs its plugin with: its own options, `phiscan` or `help`, and the rest. Throws ScanError. */
export function pluginCall(words: readonly string[]): PluginCall {
  if (words[0] === METADATA_WORD) return { metadata: metadata(), argv: [], env: {} };
  const env: Record<string, string | undefined> = {};
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('-') === true; at += 1) {
    const [flag = '', ...inline] = (words[at] ?? '').split('=');
    if (BARE.has(flag)) continue;
    const option = VALUED[flag];
    if (option === undefined) {
      throw new ScanError(
        'usage',
        `docker's ${flag} cannot be passed on (docker phiscan). Set DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or a context`,
      );
    }
    if (inline.length === 0) at += 1;
    const value = inline.length === 0 ? words[at] : inline.join('=');
    // An option goes before the environment, and either kind of address before the other.
    if (option === '--config') env['DOCKER_CONFIG'] = value;
    if (option === '--context') Object.assign(env, { DOCKER_CONTEXT: value, DOCKER_HOST: undefined });
    if (option === '--host') Object.assign(env, { DOCKER_HOST: value, DOCKER_CONTEXT: undefined });
  }
  const [first, second, ...rest] = words.slice(at);
  if (first === 'help' && second === 'phiscan') return { argv: ['help', ...rest], env };
  return { argv: words.slice(at + 1), env };
}

function metadata(): string {
  return `${JSON.stringify({
    SchemaVersion: '0.1.0',
    Vendor: 'phiscan',
    Version: VERSION,
    ShortDescription: 'Finds protected health information (PHI) in images',
  })}\n`;
}

/** docker closes this socket when it is asked to end, where no terminal sends the signal to its plugin, too. */
export function endWithDocker(env: NodeJS.ProcessEnv): void {
  const name = env['DOCKER_CLI_PLUGIN_SOCKET'];
  if (!name) return;
  const end = (): void => void process.kill(process.pid, 'SIGINT');
  // `@name` is a name of Linux's abstract namespace.
  const socket = connect({ path: name.replace(/^@/, '\0') });
  let isOpen = false;
  socket
    .once('connect', () => {
      isOpen = true;
    })
    .on('error', () => undefined)
    .on('close', () => {
      if (isOpen) end();
      else if (name.startsWith('@')) endWithName(name, end);
    });
  socket.resume().unref();
}

const LOOK_MS = 250;

/** Node before version 22 fills such a name up to its longest (libuv 1.46), so that it is another one: then what is looked at is
 * the system's list of them. */
function endWithName(name: string, end: () => void): void {
  let wasThere = false;
  const timer = setInterval(() => {
    let isThere = false;
    try {
      isThere = readFileSync('/proc/net/unix', 'latin1').includes(` ${name}\n`);
    } catch {
      // Without the list nothing tells; a terminal's signals come all the same.
    }
    if (wasThere && !isThere) {
      clearInterval(timer);
      end();
    }
    wasThere = isThere;
  }, LOOK_MS).unref();
}

/** The text of phiscan's help, as it is called below docker. */
export function belowDocker(text: string, commands: readonly string[]): string {
  const called = new RegExp(`\\bphiscan (?=(?:${[...commands, 'COMMAND', 'help'].join('|')})\\b|-|\\[)`, 'g');
  return text
    .split('\n')
    .map((line) => {
      const longer = line.replace(called, 'docker phiscan ');
      // What stands in columns stays there.
      return longer === line ? line : longer.replace(/(?<=\S {2,}) {7}(?=\S)/, '');
    })
    .join('\n');
}
