import { CdaXml } from '../cda/cda-xml.ts';
import { DicomXml } from '../dicom/dicom-xml.ts';
import type { Attaching } from '../attached.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { FhirXml } from './fhir-xml.ts';
import { Hl7Xml } from '../hl7/hl7-xml.ts';
import { PlainXml } from './plain-xml.ts';
import type { XmlFormat } from './xml-element.ts';
import { XmlReading } from './xml-reading.ts';

/** Elements that only documents about patients have: of FHIR, of HL7 version 3 with CDA, of NCPDP SCRIPT, of DICOM. */
const MARKERS: readonly string[] = [
  '<(?:Patient|RelatedPerson|Person|Coverage|Claim|ExplanationOfBenefit|Account|Encounter|DocumentReference|Bundle) ' +
    'xmlns="http://hl7\\.org/fhir"',
  // With or without a namespace's prefix.
  '[<:](?:recordTarget|patientRole|patientPerson|HumanPatient)[ >]',
  '<DicomAttribute [^<>]{0,64}tag="0010',
];

const CDA = /urn:hl7-org:v3|<(?:recordTarget|patientRole)[\s>]/;
const PROLOG = /^(?:\xef\xbb\xbf)?\s*<(?:\?xml[\s?]|!--|!DOCTYPE\s(?!html)|[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>])/i;
const TAG = /<[A-Za-z/]|\/>/g;
const PROBE_BYTES = 4096;

/**
 * XML, and on it FHIR, HL7 version 3 with CDA, and DICOM's native model.
 *
 * @param readers - Of the files that documents hold in base64.
 */
export function xmlReader(readers: () => readonly Reader[]): Reader {
  return {
    id: 'xml',
    markers: MARKERS,
    recognizes: looksLikeXml,
    open: ({ bytes }, vocabulary, onUnread) => {
      const attaching = { vocabulary, numbers: new RecordNumbers(), readers, onUnread };
      return new XmlReading(vocabulary, attaching.numbers, formatOf(bytes.toString('latin1'), attaching));
    },
  };
}

function formatOf(head: string, attaching: Attaching): XmlFormat {
  if (head.includes('"http://hl7.org/fhir"') || head.includes("'http://hl7.org/fhir'")) return new FhirXml(attaching);
  if (head.includes('urn:hl7-org:v2xml') || /<MSH\.1[\s>]/.test(head)) return new Hl7Xml(attaching);
  if (head.includes('<NativeDicomModel')) return new DicomXml(attaching.vocabulary);
  return CDA.test(head) ? new CdaXml(attaching) : new PlainXml(attaching);
}

/** It begins as XML does, and two tags of it are read without fault. HTML is text with tags: too little of it is XML. */
function looksLikeXml({ bytes }: EntryHead): boolean {
  const head = bytes.toString('latin1', 0, PROBE_BYTES);
  if (!PROLOG.test(head) || /<html[\s>]/i.test(head)) return false;
  const elements = { count: 0 };
  const format: XmlFormat = {
    open: () => {
      elements.count++;
    },
    text: () => undefined,
    longText: () => undefined,
    close: () => undefined,
    end: () => undefined,
  };
  const probe = new XmlReading({ find: () => [] }, new RecordNumbers(), format);
  probe.probe(bytes.subarray(0, PROBE_BYTES));
  return probe.faults === 0 && elements.count > 0 && (head.match(TAG)?.length ?? 0) > 1;
}
