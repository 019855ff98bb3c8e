// A registry of the tarballs in a folder, each beside the folder that it was packed of, for tests that cannot answer while npm runs:
// `node package-registry.js FOLDER`. It prints its port.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const server = createServer((request, response) => {
  const name = decodeURIComponent(request.url.slice(1));
  if (name.endsWith('.tgz')) return response.end(readFileSync(join(folder, name)));
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.tgz'));
  if (files.length === 0) return response.writeHead(404).end('{}');
  const versions = Object.fromEntries(files.sort().map((file) => manifestOf(file)));
  return response.end(JSON.stringify({ name, 'dist-tags': { latest: Object.keys(versions).at(-1) }, versions }));
});

function manifestOf(file) {
  const integrity = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64')}`;
  const dist = { integrity, tarball: `http://127.0.0.1:${server.address().port}/${file}` };
  const manifest = JSON.parse(readFileSync(join(folder, basename(file, '.tgz'), 'package.json'), 'utf8'));
  return [manifest.version, { ...manifest, hasInstallScript: manifest.scripts?.install !== undefined, dist }];
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
