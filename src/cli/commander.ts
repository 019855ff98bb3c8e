/** The one door to commander. */
export { Command, CommanderError } from 'commander';
