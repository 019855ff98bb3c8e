import { describe, expect, test } from 'vitest';
import { jsonReader } from '../../../src/read/json.ts';
import type { Reader } from '../../../src/read/reader.ts';
import { xmlReader } from '../../../src/read/xml/xml.ts';
import { patient } from '../../support/patients.ts';
import { fieldsOf } from '../reading.ts';

const someone = patient(61);
const json = jsonReader(() => []);
const xml = xmlReader(() => []);

/** `position = [labels] value`, of the attributes that are a person's. */
function placed(reader: Reader, text: string): readonly string[] {
  return fieldsOf(reader, Buffer.from(text))
    .filter(({ tie }) => tie === 'position')
    .map(({ position, labels, value }) => `${position ?? ''} = [${labels.join(', ')}] ${value}`);
}

function study(seed: number): object {
  const { family, given, mrn, account } = patient(seed);
  return {
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Roe^Richard' }] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: `${family}^${given}^^` }] },
    '00100020': { vr: 'LO', Value: [mrn] },
    '00101002': { vr: 'SQ', Value: [{ '00100020': { vr: 'LO', Value: [account] } }] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'http://pacs.test/1' },
  };
}

describe('DICOM JSON', () => {
  test('attributes of the patient, and nobody else', () => {
    expect(placed(json, JSON.stringify(study(61)))).toEqual([
      `(0010,0010) = [patient name] ${someone.family}^${someone.given}`,
      `(0010,0020) = [patient id] ${someone.mrn}`,
      `(0010,0020) = [patient id] ${someone.account}`,
    ]);
  });

  test('each study of a list is a record', () => {
    const fields = fieldsOf(json, Buffer.from(JSON.stringify([study(1), study(2)]))).filter(
      ({ tie }) => tie === 'position',
    );
    expect(fields.map(({ record }) => record === fields[0]?.record)).toEqual([true, true, true, false, false, false]);
  });

  test('keys of eight digits elsewhere are none of it', () => {
    expect(placed(json, JSON.stringify({ '00100010': 'x', '00100020': [someone.mrn] }))).toEqual([]);
  });

  test('a document that breaks off keeps what was read', () => {
    expect(placed(json, JSON.stringify(study(61)).slice(0, 170))).toHaveLength(1);
  });
});

describe('the native model', () => {
  const name = `<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1"><Alphabetic><FamilyName>${someone.family}</FamilyName><GivenName>${someone.given}</GivenName></Alphabetic></PersonName></DicomAttribute>`;
  const id = `<DicomAttribute tag="00100020" vr="LO"><Value number="1">${someone.mrn}</Value></DicomAttribute>`;

  test('attributes of the patient, and nobody else', () => {
    const text = `<?xml version="1.0"?><NativeDicomModel>${name.replaceAll('00100010', '00080090')}${name}${id}</NativeDicomModel>`;
    expect(placed(xml, text)).toEqual([
      `(0010,0010) = [patient last name] ${someone.family}`,
      `(0010,0010) = [patient first name] ${someone.given}`,
      `(0010,0020) = [patient id] ${someone.mrn}`,
    ]);
  });

  test('a document that breaks off keeps what was read', () => {
    expect(placed(xml, `<NativeDicomModel>${name}<DicomAttribute tag="0010`)).toHaveLength(2);
  });
});
