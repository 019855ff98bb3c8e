import type { EntryHead, Reader } from './reader.ts';
import { SettingsReading } from './settings-reading.ts';

/**
 * TOML, INI, Java properties, `.env`: a key and a value on a line, and sections. The parsers at hand give values without
 * their places, and hold the whole text; the little that the formats have beyond lines is read here.
 */
export const settings: Reader = {
  id: 'settings',
  isNoDocument: true,
  recognizes: looksLikeSettings,
  open: (_head, vocabulary) => new SettingsReading(vocabulary),
};

const NAME = /(?:\.(?:toml|ini|cfg|conf|cnf|properties|env)|(?:^|[/!])\.?env(?:rc)?(?:\.[\w.-]{1,32})?)$/i;
/** A section, and below it a key with a value. */
const BEGINNING =
  /^(?:\xef\xbb\xbf)?(?:[#;][^\n]*\n|[ \t\r]*\n)*\[{1,2}[\w ."'-]{1,80}\]{1,2}[ \t\r]*\n(?:[#;][^\n]*\n|[ \t\r]*\n)*[ \t]*[\w."'-]{1,80}[ \t]*[=:]/;
const PROBE_BYTES = 2048;

function looksLikeSettings({ path, bytes }: EntryHead): boolean {
  return NAME.test(path) || BEGINNING.test(bytes.toString('latin1', 0, PROBE_BYTES));
}
