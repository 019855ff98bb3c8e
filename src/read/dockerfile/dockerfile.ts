import { limits } from '../../limits.ts';
import { HeldReading } from '../held-reading.ts';
import { HeldText } from '../held-text.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { DockerfileFields } from './dockerfile-fields.ts';

/** Dockerfiles, by the Dockerfile reference of Docker. */
export const dockerfile: Reader = {
  id: 'dockerfile',
  recognizes: looksLikeDockerfile,
  open: (_head, vocabulary) =>
    new HeldReading(vocabulary, limits.literalBytes, (bytes) =>
      new DockerfileFields(new HeldText(bytes, vocabulary, true)).read(),
    ),
};

const NAME = /(?:^|[/!])(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,64})?$|\.(?:dockerfile|containerfile)$/i;

function looksLikeDockerfile({ path }: EntryHead): boolean {
  return NAME.test(path);
}
