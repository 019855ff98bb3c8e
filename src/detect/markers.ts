/**
 * Byte strings (RE2 source) that show a format in which a patient has fixed places. Measured: none of them occurs in an
 * ordinary Debian installation, so each is a hint.
 */

/** HL7 v2: the patient's segment, at its start or after a segment end that is escaped in a log. */
export const HL7_PID = '\\bPID\\|[0-9]*\\|';
/** HL7 v2: next of kin, guarantor, insurance. */
export const HL7_RELATED = '\\b(?:NK1|GT1|IN1)\\|[0-9]+\\|';
/** FHIR JSON and NDJSON. */
export const FHIR_PATIENT = '"resourceType" ?: ?"(?:Patient|RelatedPerson|Coverage)"';
/** ASC X12 837, 835, 834, 270, 271: insured or subscriber, and patient. */
export const X12_PERSON = '\\bNM1\\*(?:IL|QC)\\*1\\*';
/** C-CDA. */
export const CDA_PATIENT = '<patientRole';
