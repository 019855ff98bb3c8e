/**
 * Files of packages that do hold patients: invented ones, of the packages' own examples and tests. A finding in them is
 * right, so they are counted apart. Each was looked at. phiscan knows nothing of this list.
 */
export const patientExamples = [];
