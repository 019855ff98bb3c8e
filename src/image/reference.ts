import type { DraftImage } from './image.ts';

/** One reference for each image, all different: findings name their image by it. */
export function referencesOf(drafts: readonly DraftImage[], sourceReference: string): readonly string[] {
  const plain = drafts.map((draft) => nameOf(draft, sourceReference));
  const counts = new Map<string, number>();
  for (const reference of plain) counts.set(reference, (counts.get(reference) ?? 0) + 1);
  const used = new Set<string>();
  return plain.map((reference, index) => {
    const digest = drafts[index]?.image.digest ?? '';
    const isShared = (counts.get(reference) ?? 0) > 1 && digest !== '' && !reference.includes('@');
    const exact = isShared ? `${reference}@${digest}` : reference;
    const unique = used.has(exact) ? `${exact}#${String(index)}` : exact;
    used.add(unique);
    return unique;
  });
}

/** A full name before a mere tag, which is put behind the source's reference as skopeo writes it: `oci:DIR:TAG`. */
function nameOf({ claim }: DraftImage, sourceReference: string): string {
  let tag = '';
  for (const names of claim.names) {
    for (const name of names) {
      if (/[/:@]/.test(name)) return name;
      if (tag === '') tag = name;
    }
  }
  return tag === '' || sourceReference.endsWith(`:${tag}`) ? sourceReference : `${sourceReference}:${tag}`;
}
