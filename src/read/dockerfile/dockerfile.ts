import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { HeldReading } from '../held-reading.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { TextPlaces } from '../text-places.ts';
import { DockerfileFields } from './dockerfile-fields.ts';

/** Dockerfiles, by the Dockerfile reference of Docker. */
export const dockerfile: Reader = {
  id: 'dockerfile',
  recognizes: looksLikeDockerfile,
  open: (_head, vocabulary) =>
    new HeldReading(vocabulary, limits.literalBytes, (bytes) => {
      const places = new TextPlaces(bytes);
      const fields: Field[] = [];
      new DockerfileFields(places, bytes, vocabulary, fields).read();
      return fields;
    }),
};

const NAME = /(?:^|[/!])(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,64})?$|\.(?:dockerfile|containerfile)$/i;

function looksLikeDockerfile({ path }: EntryHead): boolean {
  return NAME.test(path);
}
