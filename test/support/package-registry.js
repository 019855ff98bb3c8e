// A registry of the tarballs in a folder, for tests that cannot answer while npm runs: `node package-registry.js FOLDER`. It
// prints its port.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const server = createServer((request, response) => {
  const name = decodeURIComponent(request.url.slice(1));
  if (name.endsWith('.tgz')) return response.end(readFileSync(join(folder, name)));
  const file = readdirSync(folder).find((candidate) => candidate.startsWith(`${name}-`) && candidate.endsWith('.tgz'));
  if (file === undefined) return response.writeHead(404).end('{}');
  const integrity = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64')}`;
  const dist = { integrity, tarball: `http://127.0.0.1:${server.address().port}/${file}` };
  const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
  const hasInstallScript = manifest.scripts?.install !== undefined;
  const versions = { [manifest.version]: { ...manifest, hasInstallScript, dist } };
  return response.end(JSON.stringify({ name, 'dist-tags': { latest: manifest.version }, versions }));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
