import leven from 'leven';

/** The word that somebody meant who typed another one; undefined where none is like it. */
export function nearest<const Word extends string>(words: readonly Word[], typed: string): Word | undefined {
  // Longer ones are no word that anybody mistyped.
  if (typed.length > 40) return undefined;
  const ranked = words.map((word) => ({ word, distance: leven(word, typed.toLowerCase()) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [first] = ranked;
  // Two letters that changed places are two steps: half of the shortest words.
  return first !== undefined && first.distance <= Math.min(3, first.word.length / 2) ? first.word : undefined;
}
