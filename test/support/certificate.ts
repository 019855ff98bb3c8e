import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './programs.ts';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly file: string;
}

/** Of `localhost` or another host, signed by itself, written into the folder; needs openssl. */
export function localCertificate(folder: string, host = 'localhost'): Certificate {
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host},IP:127.0.0.1`];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', file];
  run('openssl', ['req', '-x509', ...made, ...subject]);
  return { key: readFileSync(key), cert: readFileSync(file), file };
}
