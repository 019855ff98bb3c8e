/** HL7 v2 data types, as far as they are read alike (v2.5.1, chapter 2A). */
type DataType =
  /** Extended composite id: CX, EI, and plain ids of older versions. */
  | 'CX'
  /** Id, then a name: XCN. */
  | 'XCN'
  /** Person name: XPN, PN. */
  | 'XPN'
  /** Address: XAD, AD. */
  | 'XAD'
  /** Telecommunication: XTN, TN. */
  | 'XTN'
  /** Time stamp: TS, DTM, DT. */
  | 'TS'
  /** One value in the first component: ST, DLN, IS. */
  | 'ST';

export interface FieldRule {
  readonly type: DataType;
  /** What it is, and whose. */
  readonly label: string;
  readonly whose: string;
}

type Rows = readonly (readonly [number, DataType, string])[];

function rules(whose: string, rows: Rows): ReadonlyMap<number, FieldRule> {
  return new Map(rows.map(([field, type, label]) => [field, { type, label, whose }]));
}

/** Where persons stand in messages, by segment and field (HL7 v2.5.1 chapters 3 and 6, with the fields of 2.7 and 2.8). */
export const personFields: ReadonlyMap<string, ReadonlyMap<number, FieldRule>> = new Map([
  [
    'PID',
    rules('patient', [
      [2, 'CX', 'patient id'],
      [3, 'CX', 'medical record number'],
      [4, 'CX', 'patient id'],
      [5, 'XPN', 'name'],
      [6, 'XPN', 'mother maiden name'],
      [7, 'TS', 'birth date'],
      [9, 'XPN', 'name'],
      [11, 'XAD', 'address'],
      [13, 'XTN', 'phone'],
      [14, 'XTN', 'phone'],
      [18, 'CX', 'patient account number'],
      [19, 'CX', 'ssn'],
      [20, 'ST', 'driver license number'],
      [21, 'CX', 'patient id'],
      [23, 'ST', 'birth place'],
      [29, 'TS', 'death date'],
      [40, 'XTN', 'phone'],
    ]),
  ],
  [
    'NK1',
    rules('next of kin', [
      [2, 'XPN', 'name'],
      [4, 'XAD', 'address'],
      [5, 'XTN', 'phone'],
      [6, 'XTN', 'phone'],
      [12, 'CX', 'employee id'],
      [16, 'TS', 'birth date'],
      [26, 'XPN', 'mother maiden name'],
      [30, 'XPN', 'name'],
      [31, 'XTN', 'phone'],
      [32, 'XAD', 'address'],
      [33, 'CX', 'patient id'],
      [37, 'CX', 'ssn'],
      [40, 'XTN', 'phone'],
      [41, 'XTN', 'phone'],
    ]),
  ],
  [
    'GT1',
    rules('guarantor', [
      [2, 'CX', 'guarantor number'],
      [3, 'XPN', 'name'],
      [4, 'XPN', 'spouse name'],
      [5, 'XAD', 'address'],
      [6, 'XTN', 'phone'],
      [7, 'XTN', 'phone'],
      [8, 'TS', 'birth date'],
      [12, 'CX', 'ssn'],
      [19, 'CX', 'employee id'],
      [42, 'XPN', 'mother maiden name'],
      [45, 'XPN', 'name'],
      [46, 'XTN', 'phone'],
    ]),
  ],
  [
    'IN1',
    rules('insured', [
      [8, 'ST', 'group number'],
      [10, 'CX', 'employee id'],
      [16, 'XPN', 'name'],
      [18, 'TS', 'birth date'],
      [19, 'XAD', 'address'],
      [36, 'ST', 'insurance policy number'],
      [49, 'CX', 'member id'],
    ]),
  ],
  [
    'IN2',
    rules('insured', [
      [1, 'CX', 'employee id'],
      [2, 'CX', 'ssn'],
      [6, 'CX', 'medicare number'],
      [7, 'XPN', 'name'],
      [8, 'CX', 'medicaid number'],
      [9, 'XPN', 'name'],
      [10, 'CX', 'military id'],
      [26, 'CX', 'subscriber id'],
      [40, 'XPN', 'mother maiden name'],
      [61, 'CX', 'member id'],
      [63, 'XTN', 'phone'],
    ]),
  ],
  [
    'PV1',
    rules('patient', [
      [5, 'CX', 'visit number'],
      [19, 'CX', 'visit number'],
      [44, 'TS', 'admission date'],
      [45, 'TS', 'discharge date'],
      [50, 'CX', 'visit number'],
    ]),
  ],
  [
    'PV2',
    rules('patient', [
      [8, 'TS', 'admission date'],
      [9, 'TS', 'discharge date'],
    ]),
  ],
  [
    'MRG',
    rules('patient', [
      [1, 'CX', 'medical record number'],
      [2, 'CX', 'patient id'],
      [3, 'CX', 'patient account number'],
      [4, 'CX', 'patient id'],
      [5, 'CX', 'visit number'],
      [6, 'CX', 'visit number'],
      [7, 'XPN', 'name'],
    ]),
  ],
  [
    'ACC',
    rules('patient', [
      [1, 'TS', 'accident date'],
      [11, 'XAD', 'address'],
    ]),
  ],
  [
    'ORC',
    rules('patient', [
      [2, 'CX', 'order number'],
      [3, 'CX', 'accession number'],
    ]),
  ],
  [
    'OBR',
    rules('patient', [
      [2, 'CX', 'order number'],
      [3, 'CX', 'accession number'],
    ]),
  ],
  ['RXE', rules('patient', [[15, 'CX', 'prescription number']])],
  ['RXD', rules('patient', [[7, 'CX', 'prescription number']])],
  ['QRD', rules('patient', [[8, 'XCN', 'patient id']])],
  ['CSR', rules('patient', [[4, 'CX', 'patient id']])],
]);

/** Segments about staff, practitioners and organizations: nothing in them is a patient's. */
export const providerSegments: ReadonlySet<string> = new Set(
  'STF PRA ORG AFF LAN EDU CER PRD CTD ROL PRT LOC LCH LRL LDP LCC AIP AIG AIL AIS MFI MFE FAC'.split(' '),
);
