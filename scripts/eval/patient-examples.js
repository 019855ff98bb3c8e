/**
 * Files of packages that do hold patients: invented ones, of the packages' own examples and tests. A finding in them is
 * right, so they are counted apart. Each was looked at. phiscan knows nothing of this list.
 */
export const patientExamples = [
  {
    path: /pydicom\/data\/charset_files\/[^/]+\.dcm$/,
    reason: 'images of invented patients, for the character sets of DICOM',
  },
  {
    path: /Gnumed\/business\/gmForms\.py$/,
    reason: 'an invented patient with name, address and birth date, for a printed form',
  },
  {
    path: /gnumed\/server\/sql\/test-data\//,
    reason: 'the rows of an invented patient, for the test of a server',
  },
  {
    path: /esm-patient-registration-app\/(?:dist\/\d+\.js|src\/.*dummy-data-input\.component\.tsx)$/,
    reason: 'an invented patient with whom a form of registration is filled',
  },
];
