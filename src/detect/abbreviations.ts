/** Words of labels as databases and forms shorten them. They lengthen no hint: only labels that are read anyway. */

interface Spelling {
  /** Without spaces, as labels are compared. */
  readonly full: string;
  /** The short form means other things as well (`pt` a point, `enc` encryption): a label that needs it is a weak one. */
  readonly doubtful: boolean;
}

const CERTAIN: Readonly<Record<string, string>> = {
  patient: 'pat ptnt patnt',
  member: 'mbr mmbr membr',
  subscriber: 'subscr subscrbr sbscr sbscrbr sbr',
  beneficiary: 'bene benef',
  guarantor: 'guar guart grntr',
  insured: 'insd insrd',
  insurance: 'insur insurnce',
  emergency: 'emerg emer emrg',
  contact: 'cntct contct',
  social: 'soc socl',
  security: 'sec secur scrty',
  birth: 'brth bth birt brthd',
  date: 'dt dte',
  number: 'num nbr nmbr numb nr #',
  id: 'identifier ident idn',
  name: 'nm nme',
  firstname: 'fname fnm firstnm',
  lastname: 'lname lnm lastnm',
  middlename: 'mname mnm',
  first: 'fst frst',
  last: 'lst',
  middle: 'mid mdl',
  given: 'gvn',
  address: 'addr adr addrs',
  street: 'strt',
  code: 'cd cde',
  account: 'acct acnt accnt',
  medical: 'med medl',
  record: 'rec rcd recd',
  medicalrecord: 'medrec',
  hospital: 'hosp hsp hosptl',
  admission: 'admsn admssn admisn admit admt',
  discharge: 'disch dschrg dsch dischg',
  death: 'dth',
  service: 'svc srvc serv',
  claim: 'clm',
  policy: 'plcy',
  prescription: 'presc prscrptn',
  encounter: 'enctr encntr',
  telephone: 'tel tele telph',
  phone: 'phn phne',
  email: 'eml emailaddr',
  home: 'hm',
  license: 'licence lic lcns',
  vehicle: 'veh vhcl',
  // Whose it is, when it is not the patient's.
  provider: 'prov prvdr prvd',
  physician: 'phys physn phy',
  attending: 'attn atndg attnd',
  referring: 'ref rfrg refr',
  organization: 'org orgn organisation',
  facility: 'fac facil fclty',
  employer: 'empl emplr',
  group: 'grp',
};

const DOUBTFUL: Readonly<Record<string, string>> = {
  patient: 'pt pts',
  medicalrecord: 'mr',
  subscriber: 'subs',
  number: 'no',
  phone: 'ph',
  member: 'mem',
  encounter: 'enc',
  admission: 'adm',
  policy: 'pol',
};

const SPELLINGS: ReadonlyMap<string, Spelling> = new Map(
  [
    ...Object.entries(CERTAIN).map((entry) => [...entry, false] as const),
    ...Object.entries(DOUBTFUL).map((entry) => [...entry, true] as const),
  ].flatMap(([full, short, doubtful]) => short.split(' ').map((word) => [word, { full, doubtful }] as const)),
);

/** What a word in lower case is short for; undefined when it is no abbreviation. */
export function spelledOut(word: string): Spelling | undefined {
  return SPELLINGS.get(word);
}
