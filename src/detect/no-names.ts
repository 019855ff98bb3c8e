/**
 * Words that stand where a name could, and are none: captions, types, messages, and states of a field. Words that are also
 * names (Rose, Will, May, Page, Long, Street, An, To) are left out on purpose, and so are initials.
 */
const NO_NAMES: ReadonlySet<string> = new Set(
  [
    // Captions and fields of forms.
    'name names first last middle given family full patient patients member subscriber guarantor insured beneficiary',
    'surname forename prefix suffix title date birth dob age sex gender address city state zip phone email mobile',
    'number numbers no num id ids identifier identifiers mrn ssn record records chart account code codes value values',
    'column columns row rows table field fields label text type types class',
    // Words behind "patient" that make another thing of it.
    'portal care safety health history data information info details demographics summary list lists search status results',
    'report reports visit visits encounter admission discharge registration intake consent education experience resource',
    'resources profile service services system management satisfaction education outcome outcomes advocate matching index',
    'associated parties party job relationship contact single byte ideographic phonetic alphabetic representation',
    'monitoring generator model schema object dashboard view form page screen module test tests lookup not found',
    // Types and literals.
    'string str varchar nvarchar char nchar bigint int integer float double boolean bool true false null nil none undefined',
    'unknown any void never default enum array number datetime timestamp uuid blob json const let var function return',
    'import export public private static final new self this null primary foreign unique select from where insert into',
    // Messages and prose.
    'the and of is are was were be been has have had with without must should can for',
    'enter select choose please required optional invalid missing valid error failed success add edit delete update create',
    'who whose that this which when its his her their he she they per see also only all each every some other',
    'presents presented denies reports states stable admitted discharged seen reported male female years year old',
    // The same captions in the languages that programs are translated into.
    'paciente pacientes nombre nombres apellido apellidos nom nome noms prénom prenom cognome sobrenome vorname nachname',
    'patienten patientin naam voornaam achternaam geburtsdatum fecha datum número numero nummer imię nazwisko',
    'n/a na tbd todo redacted removed withheld confidential',
  ]
    .join(' ')
    .split(' '),
);

/** One word; its case does not matter. */
export function isNoName(word: string): boolean {
  return NO_NAMES.has(word.toLowerCase().replace(/[.:;]+$/, ''));
}

/** Words that only the names of organisations have. */
const ORGANISATION =
  /^(?:inc|llc|ltd|corp|corporation|company|gmbh|holdings?|group|partners|associates|insurance|assurance|mutual|health|healthcare|medical|medicine|hospitals?|farms?|clinic|center|centre|bank|trust|university|foundation|institute|department|systems|services|solutions|plan|acme)\.?$/i;

/** One word; its case does not matter. */
export function isOrganisationWord(word: string): boolean {
  return ORGANISATION.test(word);
}
