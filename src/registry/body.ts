import { RegistryFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';

/** A whole answer, of at most so many bytes. Throws RegistryFailure `garbled` when it is longer. */
export async function gather({ body }: HttpAnswer, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > most) throw new RegistryFailure('garbled', `an answer of more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
