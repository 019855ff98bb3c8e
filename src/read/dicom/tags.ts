/** What a data element of a person is: a name, another value, or words about it. */
export interface DicomMeaning {
  readonly label: string;
  readonly kind: 'name' | 'value' | 'text';
}

/** DICOM PS3.6 (data dictionary) and PS3.15 table E.1-1: elements of the patient, the visit and the request. */
const MEANINGS: Readonly<Record<'name' | 'value', Readonly<Record<string, string>>>> = {
  name: {
    '00100010': 'patient name',
    '00101001': 'patient name',
    '00101005': 'patient name',
    '00101060': 'mothers maiden name',
    '00102297': 'guardian name',
  },
  value: {
    '00100020': 'patient id',
    '00100030': 'date of birth',
    '00101000': 'other patient ids',
    '00101010': 'patient age',
    '00101040': 'patient address',
    '00101090': 'medical record number',
    '00102154': 'patient phone',
    '00102155': 'patient telecom',
    '00080020': 'study date',
    '00080050': 'accession number',
    '00181000': 'device serial number',
    '00380010': 'admission id',
    '00380020': 'admission date',
    '00380030': 'discharge date',
    '00402016': 'placer order number',
    '00402017': 'filler order number',
  },
};

/** Names of staff and of institutions: nobody's who is treated. PS3.15 has them in the same table. */
const OTHERS: ReadonlySet<number> = new Set(
  (
    '00080080 00080081 00080090 00080092 00080094 00080096 00081010 00081040 00081048 00081049 00081050 00081052 00081060 ' +
    '00081062 00081070 00081072 00321032 00321033 00400006 0040000B 00401010 00401011 00402008 00402009 00402010 0040A075 ' +
    '0040A123 00080005 00081150 00081155 00080016 00080018 0020000D 0020000E 00100021 00100022'
  )
    .split(' ')
    .map((tag) => Number.parseInt(tag, 16)),
);

const BY_TAG: ReadonlyMap<number, DicomMeaning> = new Map(
  (['name', 'value'] as const).flatMap((kind) =>
    Object.entries(MEANINGS[kind]).map(([tag, label]): [number, DicomMeaning] => [
      Number.parseInt(tag, 16),
      { label, kind },
    ]),
  ),
);
const TEXT: DicomMeaning = { label: '', kind: 'text' };

export const CHARACTER_SET = 0x0008_0005;
export const SOP_CLASS = 0x0008_0016;
export const SOP_INSTANCE = 0x0008_0018;
export const DIRECTORY_RECORD_TYPE = 0x0004_1430;
export const TRANSFER_SYNTAX = 0x0002_0010;
export const IDENTITY_REMOVED = 0x0012_0062;
export const PIXELS = 0x7fe0_0010;

/** PS3.6 table A-1: visible light photographs. */
export const PHOTOGRAPHS: RegExp = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.4(?:\.1)?$/;

/** What an element is, by its group and element as one number; undefined where it is of nobody who is treated. */
export function meaningOfTag(tag: number): DicomMeaning | undefined {
  return BY_TAG.get(tag) ?? (OTHERS.has(tag) || tag >>> 16 < 8 ? undefined : TEXT);
}

/** `(0010,0010)`, as the standard writes it. */
export function tagName(tag: number): string {
  const hex = (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
