/** A label in another spelling. */
export interface Spelling {
  readonly text: string;
  /** A word of it has another meaning, too, so that it counts only beside other evidence. */
  readonly weak: boolean;
  /** It means this only when nothing else stands in the label. */
  readonly whole: boolean;
}

/** How columns and keys shorten the words of labels. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  patient: ['pat', 'ptnt', 'patnt'],
  member: ['mbr', 'membr'],
  subscriber: ['subscr', 'subscrbr', 'sbscr', 'sbr'],
  beneficiary: ['bene', 'benef', 'bnfcry'],
  guarantor: ['guar', 'grntr'],
  insured: ['insrd', 'insd'],
  medical: ['med'],
  record: ['rec', 'rcrd'],
  social: ['soc'],
  security: ['sec', 'scrty'],
  name: ['nm', 'nme'],
  first: ['fst', 'frst'],
  last: ['lst'],
  middle: ['mid', 'mdl'],
  birth: ['brth', 'bth'],
  date: ['dt', 'dte'],
  number: ['no', 'num', 'nbr', 'nr', '#'],
  no: ['num', 'nbr', 'nr', '#', 'number'],
  address: ['addr', 'adr', 'addrs'],
  phone: ['ph', 'phn', 'tel', 'telephone', 'telno'],
  account: ['acct', 'acnt'],
  admission: ['admsn', 'admit', 'admissn'],
  discharge: ['disch', 'dsch', 'dschrg', 'dischg'],
  encounter: ['enc', 'enctr'],
  hospital: ['hosp', 'hsp'],
  identifier: ['ident', 'idn', 'id'],
  id: ['ident', 'identifier'],
  policy: ['plcy'],
  claim: ['clm'],
  license: ['lic', 'lcns'],
  prescription: ['rx'],
};
/** Words that say that it is somebody else's: they only silence. */
const SILENCERS: Readonly<Record<string, readonly string[]>> = {
  provider: ['prov', 'prvdr', 'prvd'],
  physician: ['phys', 'physn'],
  attending: ['atndg', 'attnd'],
  referring: ['rfrg', 'refr'],
  organization: ['org', 'orgn', 'organisation'],
  facility: ['fac', 'facil', 'fclty'],
  employer: ['empl', 'emplr'],
  group: ['grp'],
};
/** Short for a word, and for other things as well: a point, a port, a pseudo-terminal. */
const AMBIGUOUS: Readonly<Record<string, readonly string[]>> = { patient: ['pt', 'pts'] };
const PART = /^(first|last|middle|full|given|family|maiden) name$/;
/** More than any label of a few words has. */
const MOST = 200;

/** Of a single word that silences labels. */
export function shortForms(word: string): readonly string[] {
  return SILENCERS[word] ?? [];
}

/** The other spellings of a label of two words or more; one word alone is too little to shorten. */
export function spellingsOf(label: string): readonly Spelling[] {
  const words = label.split(' ');
  if (words.length < 2) return [];
  let spellings: Spelling[] = [{ text: '', weak: false, whole: false }];
  for (const word of words) {
    const next: Spelling[] = [];
    for (const { text, weak, whole } of spellings) {
      const add = (spelled: string, ambiguous: boolean): number =>
        next.push({ text: text === '' ? spelled : `${text} ${spelled}`, weak: weak || ambiguous, whole });
      add(word, false);
      for (const spelled of SHORT[word] ?? []) add(spelled, false);
      for (const spelled of AMBIGUOUS[word] ?? []) add(spelled, true);
    }
    spellings = next.slice(0, MOST);
  }
  return [...spellings, ...reordered(words)].filter(({ text }) => text !== label);
}

/** `NAME_LAST`, `Member Last`. */
function reordered(words: readonly string[]): readonly Spelling[] {
  const end = words.slice(-2).join(' ');
  const part = PART.exec(end)?.[1];
  if (part === undefined) return [];
  const owner = words.slice(0, -2).join(' ');
  const owners = owner === '' ? [''] : [owner, ...(SHORT[owner] ?? [])].map((spelled) => `${spelled} `);
  const turned = owners.map((spelled) => ({ text: `${spelled}name ${part}`, weak: false, whole: false }));
  if (owner === '') return turned;
  return [...turned, ...owners.map((spelled) => ({ text: `${spelled}${part}`, weak: false, whole: true }))];
}
