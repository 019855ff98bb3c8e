// The inputs of action.yml, as the steps are given them: by the environment.

/** What was given cannot be meant. The message holds no value of an input. */
export class InputError extends Error {}

/** One a line; lines are trimmed, empty ones are left out. */
export function listInput(name) {
  return textInput(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Empty, if it was not given. */
export function oneInput(name) {
  const [value = '', ...others] = listInput(name);
  if (others.length > 0) throw new InputError(`several lines (${name}). Give one value`);
  return value;
}

export function booleanInput(name) {
  const value = oneInput(name).toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  throw new InputError(`wrong value (${name}). Give true or false`);
}

function textInput(name) {
  const text = process.env[`PHISCAN_ACTION_${name.toUpperCase().replaceAll('-', '_')}`] ?? '';
  if (text.includes('\0')) throw new InputError(`a NUL character (${name}). Give text`);
  return text;
}
