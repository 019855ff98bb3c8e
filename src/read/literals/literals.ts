import { limits } from '../../limits.ts';
import { HeldReading } from '../held-reading.ts';
import { HeldText } from '../held-text.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { LiteralFields } from './literal-fields.ts';

/**
 * HCL (Terraform, buildx bake, Nomad), Jsonnet, and JSON that is a template (ecspresso's `{{ must_env … }}`), as far as
 * literals go. HashiCorp HCL native syntax specification; jsonnet.org specification.
 */
export const literals: Reader = {
  id: 'literals',
  recognizes: looksLikeLiterals,
  open: (_head, vocabulary) =>
    new HeldReading(vocabulary, limits.literalBytes, (bytes) =>
      new LiteralFields(new HeldText(bytes, vocabulary, true)).read(),
    ),
};

const NAME = /\.(?:tf|tfvars|hcl|nomad|jsonnet|libsonnet)$/i;
const TEMPLATE_NAME = /\.json(?:\.\w{1,8})?$/i;
/** An object with a template in it; asked behind the reader of JSON, which takes those in strings. */
const TEMPLATE = /^(?:\xef\xbb\xbf)?\s*(?:\{[{%][^\n]*\s*)*\{\s*(?:"|\{)/;

function looksLikeLiterals({ path, bytes }: EntryHead): boolean {
  if (NAME.test(path)) return true;
  const text = bytes.toString('latin1', 0, limits.headBytes);
  return TEMPLATE_NAME.test(path) && TEMPLATE.test(text) && /\{\{|\{%/.test(text);
}
