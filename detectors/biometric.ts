import { isUuid } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Base64 or hexadecimal of a template; 40 characters are the shortest that hold one. */
const TEMPLATE = '[0-9A-Za-z+/_-]{40,256}={0,2}';
/** A file of one person's prints or voice. */
const FILE = '[0-9A-Za-z._/\\\\:-]{3,200}\\.(?i:wsq|fmr|fir|iris|jp2|wav|ist|an2|nist)';

/** How the interchange formats begin, as base64: ISO/IEC 19794-2 (FMR), -4 (FIR), -5 (FAC), -6 (IIR), WSQ. */
const MAGIC = /^(?:Rk1SA|RklSA|RkFDA|SUlSA|\/6D\/)/;

function check(value: string): CheckResult {
  if (MAGIC.test(value)) return 'pass';
  if (/\.\w{2,4}$/.test(value)) return 'none';
  // Digests of keys and certificates are called fingerprints: 40, 64 or 128 hexadecimal digits.
  return /^[0-9a-f]+$/i.test(value) || isUuid(value) || !/[0-9]/.test(value) || !/[A-Z]/.test(value) ? 'fail' : 'none';
}

export const biometric: Detector = {
  id: 'biometric',
  identifier: 'biometric',
  safeHarbor: 'P',
  title: 'Fingerprint, iris, face or voice print',
  finds:
    'Templates and files of fingerprints, irises, faces and voices below a label that names one of a person: base64 of at least 40 ' +
    'characters, above all the interchange formats of ISO/IEC 19794, and names of files in their formats.',
  misses:
    'Prints that are stored as files by themselves or inside a picture or a sound, templates below a plain `fingerprint` (which is a ' +
    'digest in software) without other identifiers, and hexadecimal templates.',
  labels: {
    strong: phrases(
      'patient fingerprint, patient biometric, patient biometrics, fingerprint template, fingerprint minutiae, fingerprint image, ' +
        'finger print template, thumbprint image, left thumb print, right thumb print, left index fingerprint, right index fingerprint, ' +
        'iris template, iris image, iris scan, iris code, retina scan, retinal scan, palm vein template, palm print, voice print, ' +
        'face template, faceprint, face print, facial template, biometric template',
    ),
    weak: phrases(
      'biometric, biometrics, biometric id, biometric data, fingerprint, finger print, thumbprint, voiceprint, face embedding',
    ),
    whole: phrases('biometric, biometrics, fingerprint, thumbprint'),
    not: [
      ...DESCRIPTIONS.filter((word) => word !== 'template'),
      ...phrases(
        'ssh, key, cert, certificate, sha, md5, gpg, pgp, host, browser, tls, ssl, public, signature, file, build',
      ),
    ],
  },
  shape: `(?:${TEMPLATE}|${FILE})`,
  check,
  direct: false,
  severity: { labelled: 'medium' },
  mask: '[biometric]',

  examples: () => [
    {
      path: 'a.json',
      text: `{"fingerprintTemplate":"${glue('Rk1S', 'ACAy', 'MAAA', 'AADw').padEnd(60, 'kQ7z')}"}`,
      reason: 'the beginning of ISO/IEC 19794-2',
    },
    {
      path: 'notes.txt',
      text: `Iris template: ${glue('SUlS', 'ADAx').padEnd(64, 'b3Xw')}\n`,
      reason: 'the beginning of ISO/IEC 19794-6',
    },
    {
      path: 'a.csv',
      text: `id,voice_print\n1,${glue('T4', 'xw').padEnd(80, 'Kd83')}\n`,
      reason: 'a column of templates',
    },
    {
      path: 'app.env',
      text: `PATIENT_FINGERPRINT=/scans/${glue('7302', '95', '-r2')}.wsq\n`,
      reason: 'a file of a print',
    },
    {
      path: 'a.csv',
      text: `mrn,biometric_id\n${glue('73', '02', '95')},${glue('T4', 'xw').padEnd(48, 'Kd83')}\n`,
      reason: 'a plain label beside another identifier',
    },
  ],
  counterExamples: () => [
    {
      path: 'notes.txt',
      text: `fingerprint: ${glue('SHA256', ':').padEnd(50, 'k3Xw')}\n`,
      reason: 'the digest of a key',
    },
    {
      path: 'notes.txt',
      text: `ssh_key_fingerprint_image=${glue('T4', 'xw').padEnd(48, 'Kd83')}\n`,
      reason: 'a key in the label',
    },
    { path: 'a.json', text: `{"fingerprint":"${glue('T4', 'xw').padEnd(48, 'Kd83')}"}`, reason: 'a plain label alone' },
    {
      path: 'a.json',
      text: `{"patientFingerprint":"${glue('9f86').padEnd(64, '0d3a')}"}`,
      reason: 'a hexadecimal digest',
    },
    { path: 'notes.txt', text: 'patient fingerprint: left index\n', reason: 'words' },
    {
      path: 'a.ts',
      text: 'const irisTemplate = await sensor.captureIrisTemplateFromLeftEyeOfThePatient();\n',
      reason: 'names in code',
    },
    { path: 'notes.txt', text: 'iris template: {{template}} ${TEMPLATE} %s\n', reason: 'template placeholders' },
    { path: 'iris.csv', text: 'sepal,petal,species\n5.1,1.4,Iris-setosa\n', reason: 'a flower' },
  ],
  references: [
    'ISO/IEC 19794-2, -4, -5 and -6 (format identifiers FMR, FIR, FAC, IIR)',
    'FBI IAFIS-IC-0110, WSQ gray-scale fingerprint image compression',
    '45 CFR 164.514(b)(2)(i)(P)',
  ],
};
