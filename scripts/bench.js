// `npm run bench`: how fast a scan is, as ratios measured in one run, the sides alternating; writes docs/performance.md.
// Options: --rounds N (default 5), --megabytes N of content for each layer (default 256), --huge N gigabytes (default 10).
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { hugeArchive, makeLayers, writeDockerArchive, writeOciArchive } from './bench/content.js';
import { alternate, measure, median } from './bench/measure.js';
import { pushImages, startRegistry } from './bench/registry.js';
import { build } from './build.js';
import { ensureInstalled, root } from './installed.js';

const MiB = 1024 * 1024;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '256' },
    huge: { type: 'string', default: '10' },
  },
});
const rounds = Number(values.rounds);

await ensureInstalled();
await build();
const phiscan = join(root, 'dist', 'src', 'cli', 'main.js');
const { hintAlternatives, hintSource, markerAlternatives } = await import('../dist/src/detect/hint-source.js');
const { markersOf } = await import('../dist/src/engine/engine.js');
const { detectors } = await import('../dist/detectors/index.js');
const { containerOf, SNIFF_BYTES } = await import('../dist/src/unpack/container.js');
const folder = mkdtempSync(join(tmpdir(), 'phiscan-bench-'));
const pattern = join(folder, 'pattern');
const figures = [];

/** A figure with what it must keep, or none: at most `bar`, or at least `bar.least`. */
function figure(what, value, unit, bar) {
  const least = bar?.least;
  const isKept = least === undefined ? value <= bar : value >= least;
  const kept = bar === undefined ? '' : isKept ? 'kept' : 'NOT KEPT';
  const wanted = bar === undefined ? '' : least === undefined ? `${bar}${unit}` : `at least ${least}${unit}`;
  figures.push({ what, value, unit, wanted, kept });
  process.stdout.write(`${what}: ${value.toFixed(2)}${unit}${wanted === '' ? '' : ` (bar ${wanted}, ${kept})`}\n`);
}

/** A scan that does not end as a whole scan does is no figure. */
async function scan(...args) {
  const { code, ms, stderr } = await measure(process.execPath, [
    phiscan,
    'image',
    '--no-ledger',
    '--no-progress',
    '--format',
    'json',
    '--output',
    join(folder, 'report.json'),
    ...args,
  ]);
  if (code !== 0 && code !== 1 && code !== 3) throw new Error(`phiscan ended with ${code}: ${stderr.slice(-300)}`);
  return ms;
}

async function timed(command, args) {
  const { code, ms, stderr } = await measure(command, args);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr.slice(-300)}`);
  return ms;
}

function gunzip(setting, layers) {
  return () =>
    timed(process.execPath, [join(root, 'scripts', 'bench', 'gunzip.js'), setting, ...layers.map(({ gzip }) => gzip)]);
}

async function againstGunzip(what, layers, bar) {
  const archive = `oci-archive:${writeOciArchive(dirname(layers[0].tar), layers, `${layers.length}.oci.tar`)}`;
  const settings = ['default', '65536', '262144'];
  const [, ...results] = await alternate(
    [() => scan(archive), ...settings.map((setting) => gunzip(setting, layers))],
    rounds,
  );
  const names = ['with its default buffers (16 KiB)', 'with buffers of 64 KiB', 'with buffers of 256 KiB, its fastest'];
  for (const [index, { ratio }] of results.entries()) {
    figure(`${what}, scan to node's gunzip ${names[index]}`, ratio, '', index === 0 ? bar : undefined);
  }
}

/** True for a file that holds others, or compressed text: neither gunzip nor rg looks inside, a scan does. */
function isContainer(path) {
  const head = Buffer.alloc(SNIFF_BYTES);
  const file = openSync(path);
  const length = readSync(file, head);
  closeSync(file);
  return head.toString('latin1', 0, 5) === '%PDF-' || containerOf(head.subarray(0, length), path) !== undefined;
}

async function againstRipgrep(what, layers, name, bar) {
  const archive = writeDockerArchive(dirname(layers[0].tar), layers, name);
  const rg = () => timed('rg', ['-a', '-c', '--file', pattern, archive]);
  const [, ripgrep] = await alternate([() => scan(`docker-archive:${archive}`), rg], rounds);
  figure(`${what}, scan to rg -a -c`, ripgrep.ratio, '', bar);
  return archive;
}

/** A registry of 200 images, swept, and swept again: only what is new is read. */
async function againstFirstSweep(bytes, bar) {
  const folders = ['/usr/lib', '/usr/lib', '/usr/share', '/usr/lib', join(root, 'node_modules')];
  const contents = Array.from({ length: 20 }, (_, index) => folders[index % folders.length]);
  const layers = await makeLayers(join(folder, 'swept'), contents, bytes);
  const { host, stop } = await startRegistry(join(folder, 'registry'));
  try {
    await pushImages(host, layers, 200);
    const cache = join(folder, 'cache');
    const sweep = async () => {
      const args = ['sweep', 'registry', host, '--insecure', '--no-progress', '--format', 'json'];
      const options = { env: { PHISCAN_CACHE_DIR: cache } };
      const { code, ms, stderr } = await measure(process.execPath, [phiscan, ...args], options);
      if (code === 2) throw new Error(`the sweep ended with ${code}: ${stderr.slice(-300)}`);
      return ms;
    };
    const first = () => {
      rmSync(cache, { recursive: true, force: true });
      return sweep();
    };
    const [, again] = await alternate([first, sweep], Math.min(rounds, 2));
    const gigabytes = layers.reduce((sum, { size }) => sum + size, 0) / 1e9;
    figure(`first sweep of 200 images, ${gigabytes.toFixed(1)} GB unpacked, to the second`, again.ratio, '', {
      least: bar,
    });
  } finally {
    await stop();
  }
}

try {
  // As much in each, so that the two halves of the work can be equal.
  const contents = [join(root, 'node_modules'), '/usr/share', '/usr/lib', '/usr/lib'];
  const bytes = Number(values.megabytes) * MiB;
  const layers = await makeLayers(join(folder, 'plain'), contents, bytes, (path) => !isContainer(path));
  const megabytes = layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
  process.stdout.write(`${layers.length} layers, ${megabytes.toFixed(0)} MB unpacked\n`);
  const hints = [...hintAlternatives(detectors), ...markerAlternatives(markersOf())];
  // rg reads bytes, so the few dashes beyond ASCII are left out of its classes.
  writeFileSync(pattern, `(?-u)${byLine(hintSource(hints).replace(/[^\x20-\x7e]/g, ''))}`);

  await againstGunzip('four gzip layers', layers, 0.85);
  await againstGunzip('one gzip layer', [layers[1]], 1.15);
  const archive = await againstRipgrep('uncompressed docker-archive', layers, 'docker.tar', 1);
  const nested = await makeLayers(join(folder, 'nested'), contents, bytes);
  await againstGunzip('four gzip layers, what is compressed inside them unpacked too', nested);
  await againstRipgrep('uncompressed docker-archive, what is compressed inside it unpacked too', nested, 'docker.tar');

  const small = await measure(process.execPath, [
    phiscan,
    'image',
    '--no-ledger',
    '--no-progress',
    `docker-archive:${archive}`,
  ]);
  figure(`peak memory, ${(megabytes / 1000).toFixed(1)} GB in four layers`, small.peakKiB / 1024, ' MiB', 256);
  const gigabytes = Number(values.huge);
  const huge = await measure(process.execPath, [phiscan, 'image', '--no-ledger', '--no-progress', '-'], {
    input: hugeArchive(layers[1].tar, gigabytes * 1e9),
  });
  if (huge.code === 2) throw new Error(`the huge layer was not scanned: ${huge.stderr}`);
  figure(`peak memory, one layer of ${gigabytes} GB from standard input`, huge.peakKiB / 1024, ' MiB', 256);

  rmSync(join(folder, 'nested'), { recursive: true, force: true });
  await againstFirstSweep(bytes, 50);

  const starts = [];
  for (let run = 0; run < 10; run++) starts.push(await timed(process.execPath, [phiscan, '--version']));
  figure('start-up, phiscan --version', median(starts), ' ms', 150);

  writeFileSync(join(root, 'docs', 'performance.md'), page(megabytes));
  if (figures.some(({ kept }) => kept === 'NOT KEPT')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** rg searches line by line, so that what stands for a line feed stands for the beginning of a line, or for nothing. */
function byLine(source) {
  return source.replaceAll('(?:^|\\n)', '^').replaceAll('\\n', '');
}

function page(megabytes) {
  const { model } = cpus()[0];
  const rows = figures.map(({ what, value, unit, wanted, kept }) => {
    return `| ${what} | ${value.toFixed(2)}${unit} | ${wanted} | ${kept} |`;
  });
  return `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${model}), Node ${process.version},
${rounds} rounds after one that does not count, ${megabytes.toFixed(0)} MB of this machine's own node_modules, /usr/share and /usr/lib in four layers.

Files that are archives, PDF or compressed themselves are left out of these layers, but for the figures that say otherwise:
neither gunzip nor rg opens them, and a scan unpacks and reads them too.

A ratio is the median of the rounds' ratios, whole processes, the two sides in turn: on a shared machine times move by a
factor of two within an hour, and ratios do not. Below 1 the scan is the faster side. A scan verifies the digest of every
blob and of every unpacked layer besides reading it. A bar is what must hold; figures without one are there to compare.

| figure | measured | bar | |
|---|---|---|---|
${rows.join('\n')}
`;
}
