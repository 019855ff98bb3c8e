import { limits } from '../limits.ts';
import { HeldReading } from './held-reading.ts';
import { HeldText } from './held-text.ts';
import type { EntryHead, Reader } from './reader.ts';
import { parseYaml } from './yaml-document.ts';
import { YamlFields } from './yaml-fields.ts';

/**
 * YAML 1.2, also of several documents. It is read as lines of text, which know keys above and records too, where it is
 * longer than `limits.yamlBytes` or faulty: templates of Helm and Ansible are no YAML before they are filled.
 */
export const yaml: Reader = {
  id: 'yaml',
  recognizes: looksLikeYaml,
  open: ({ document }, vocabulary) =>
    new HeldReading(vocabulary, limits.yamlBytes, (bytes) => {
      const text = new HeldText(bytes, vocabulary, document !== undefined);
      const { documents, faults } = parseYaml(text.places.text);
      return faults.length > 0 ? undefined : new YamlFields(text).read(documents);
    }),
};

const NAME = /\.ya?ml$|(?:^|[/!])\.ebextensions\/[^/!]+\.config$/i;
/** A document's marker with a key, a list or a directive below it; or the first keys of Kubernetes, Compose, CloudFormation and Elastic Beanstalk. */
const BEGINNING =
  /^(?:\xef\xbb\xbf)?(?:#[^\n]*\n|[ \t\r]*\n)*(?:%YAML |---(?: [^\n]*)?\r?\n(?:[ \t#][^\n]*\n)*(?:- |[\w"'.-]+:(?:\s|$))|apiVersion: |services:\s|AWSTemplateFormatVersion: |option_settings:\s)/;
const PROBE_BYTES = 2048;

function looksLikeYaml({ path, bytes }: EntryHead): boolean {
  if (NAME.test(path)) return true;
  return BEGINNING.test(bytes.toString('latin1', 0, PROBE_BYTES));
}
