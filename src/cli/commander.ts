/** The one door to commander. */
export { Command, CommanderError, Option } from 'commander';
