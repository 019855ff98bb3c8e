/**
 * Words that stand where a name could, and are none: captions, types, messages, and states of a field. Words that are also
 * common names (Rose, Will, May, Page, Long) are left out on purpose.
 */
const NO_NAMES: ReadonlySet<string> = new Set(
  [
    // Captions and fields of forms.
    'name names first last middle given family full patient patients member subscriber guarantor insured beneficiary',
    'surname forename prefix suffix title date birth dob age sex gender address street city state zip phone email mobile',
    'number numbers no num id ids identifier identifiers mrn ssn record records chart account code codes key value values',
    'column columns row rows table field fields label text type types class',
    // Words behind "patient" that make another thing of it.
    'portal care safety health history data information info details demographics summary list lists search status results',
    'report reports visit visits encounter admission discharge registration intake consent education experience resource',
    'resources profile service services system management satisfaction education outcome outcomes advocate matching index',
    'monitoring generator model schema object dashboard view form page screen module test tests lookup not found',
    // Types and literals.
    'string str varchar nvarchar char nchar bigint int integer float double boolean bool true false null nil none undefined',
    'unknown any void never default enum array number datetime timestamp uuid blob json const let var function return',
    'import export public private static final new self this not_null primary foreign unique select from where insert into',
    // Messages and prose.
    'a an the and or of in on at to by is are was were be been has have had with without must should can may_be will_be for',
    'enter select choose please required optional invalid missing valid error failed success add edit delete update create',
    'who whose that this which when if it its his her their he she they as per see also only all each every some other',
    'presents presented denies reports states stable admitted discharged seen reported male female years year old',
    'n/a na tbd todo redacted removed withheld confidential',
  ]
    .join(' ')
    .split(' '),
);

/** One word; its case does not matter. */
export function isNoName(word: string): boolean {
  return NO_NAMES.has(word.toLowerCase().replace(/[.:;]+$/, ''));
}
