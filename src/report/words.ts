import type { Acceptance, Finding, GapReason, Lapse, LocationKind, Visibility } from '../finding.ts';

/** Sentences of the report. Each switch is exhaustive: a new reason without its sentence does not compile. */

/** Why bytes were not read. */
export function gapSentence(reason: GapReason): string {
  switch (reason) {
    case 'truncated':
      return 'The data ends before its own stated end.';
    case 'corrupt':
      return 'The data breaks the rules of its format, and the rest could not be followed.';
    case 'unread-rest':
      return 'Bytes follow where the format says it ends.';
    case 'size-mismatch':
      return 'The stored size is not the size that the manifest states.';
    case 'digest-mismatch':
      return 'The stored bytes do not have the digest that the manifest states.';
    case 'diffid-mismatch':
      return 'The unpacked layer does not have the digest that the image configuration states.';
    case 'missing-blob':
      return 'The image names a blob that the source does not hold.';
    case 'foreign-layer':
      return 'The layer is kept elsewhere, at a URL; phiscan fetches nothing.';
    case 'encrypted':
      return 'The content is encrypted, and phiscan holds no key.';
    case 'unsupported':
      return 'The format or compression method is one that phiscan cannot unpack yet.';
    case 'depth-limit':
      return 'Archives are nested deeper than phiscan follows.';
    case 'entry-limit':
      return 'There are more entries than phiscan follows.';
    case 'byte-limit':
      return 'The content is larger than the bound for its kind.';
    case 'ratio-limit':
      return 'The nested archive unpacks to too many bytes for its size, as a bomb does.';
    case 'time-limit':
      return 'The nested archive took longer than the bound.';
    case 'record-limit':
      return 'A header record of the archive is larger than the bound.';
    case 'finding-limit':
      return 'There are more findings or gaps than are listed one by one.';
    case 'unreadable':
      return 'It could not be opened or read.';
    case 'ambiguous':
      return 'It can be read in two ways, and a scanner and a runtime may not choose the same one.';
    case 'interrupted':
      return 'The scan was stopped before the end.';
    case 'archived':
      return 'It is archived: nothing of it can be read before it is restored.';
    case 'left-out':
      return 'It was left out by --max-bytes or --deadline.';
    case 'internal':
      return 'phiscan itself failed on it.';
  }
}

/** What a person does about a gap. */
export function gapRemedy(reason: GapReason): string {
  switch (reason) {
    case 'truncated':
    case 'corrupt':
    case 'unread-rest':
    case 'size-mismatch':
    case 'digest-mismatch':
    case 'diffid-mismatch':
      return 'Save or pull what is broken again, and scan that.';
    case 'missing-blob':
      return 'Save the image with all its blobs, or name the platform that you have with --platform.';
    case 'foreign-layer':
    case 'encrypted':
    case 'unsupported':
    case 'depth-limit':
    case 'entry-limit':
    case 'byte-limit':
    case 'ratio-limit':
    case 'time-limit':
    case 'record-limit':
    case 'ambiguous':
      return 'Unpack what was not read and scan it with `phiscan files`, or accept the gaps with --allow-incomplete.';
    case 'finding-limit':
      return 'Mend what is listed, then scan again for the rest.';
    case 'unreadable':
      return 'Check the name and the permissions, and scan again.';
    case 'internal':
      return 'This is a fault of phiscan: please report it, with PHISCAN_DEBUG=1 set.';
    case 'interrupted':
      return 'Scan again to the end: what was not read may hold anything.';
    case 'archived':
      return 'Restore what is archived and sweep again, or delete it: it still holds what it holds.';
    case 'left-out':
      return 'Sweep again: what was read is remembered, so that the next sweep goes on from there.';
  }
}

/** Where a file stands in the image that a container sees; undefined where there is nothing to say. */
export function visibilityWords(visibility: Visibility, hiddenBy: number | undefined): string | undefined {
  const where = hiddenBy === undefined ? 'in a later layer' : `in layer ${hiddenBy}`;
  switch (visibility) {
    case 'visible':
      return undefined;
    case 'overwritten':
      return `overwritten ${where}, still in the image`;
    case 'deleted':
      return `deleted ${where}, still in the image`;
    case 'unreferenced':
      return 'in the source, used by no image';
  }
}

/** By what a finding is accepted. */
export function acceptedByWords(by: Acceptance['by']): string {
  switch (by) {
    case 'baseline':
      return 'accepted by the baseline';
    case 'inline':
      return 'accepted by a mark on its line';
    case 'configuration':
      return 'accepted by phiscan.yaml';
  }
}

/** Why an acceptance does not hold. */
export function lapseWords({ why, expires, count }: Lapse): string {
  switch (why) {
    case 'expired':
      return `counts again: it was accepted until ${expires ?? 'a day that has passed'}`;
    case 'grown':
      return `counts again: ${count ?? 'fewer'} accepted, and there are more`;
    case 'worse':
      return 'counts again: it got worse since it was accepted';
    case 'no-reason':
      return 'counts: phiscan:ignore needs a reason behind it';
  }
}

/** Heading of places that are not files. */
export function kindWords(kind: LocationKind): string {
  switch (kind) {
    case 'file':
      return 'file';
    case 'config':
      return 'image configuration';
    case 'history':
      return 'image history';
    case 'manifest':
      return 'image manifest';
    case 'document':
      return 'attached document';
    case 'container':
      return 'container';
    case 'ecs':
      return 'ECS metadata';
    case 'ecr':
      return 'ECR metadata';
  }
}

/** What a person does about such findings at such a place. */
export function findingRemedy({
  detector,
  location: { kind, visibility },
}: Pick<Finding, 'detector' | 'location'>): string {
  if (detector === 'exit-string') {
    return 'Give stop-task a constant as its reason, and log the exception where PHI may rest: ECS keeps the reason outside your instances.';
  }
  switch (kind) {
    case 'file':
      return visibility === 'deleted' || visibility === 'overwritten'
        ? 'Deleting a file in a later layer does not take it out of the image: keep it out of the layer that adds it, and rebuild.'
        : 'Keep these files out of the build (.dockerignore, or mount them at run time), and rebuild before you push.';
    case 'config':
      return 'Environment, labels and commands are stored with the image: pass such values at run time, from where PHI may rest.';
    case 'history':
      return 'The history keeps every instruction with its build arguments: take the values out of the Dockerfile, and rebuild.';
    case 'manifest':
      return 'Annotations are metadata that every registry shows: take the values out of the build command, and rebuild.';
    case 'document':
      return 'SBOM and provenance are pushed with the image: take the values out of what they describe, and rebuild.';
    case 'container':
      return 'The Docker engine keeps this text until the container is removed: pass such values from where PHI may rest.';
    case 'ecs':
      return 'ECS keeps this text outside your instances: take the values out, and pass them from where PHI may rest.';
    case 'ecr':
      return 'ECR shows this text with the repository: take the values out.';
  }
}
