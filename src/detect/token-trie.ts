interface Node {
  readonly next: Map<string, Node>;
  /** An alternative ends here: what is longer adds nothing. */
  isEnd: boolean;
}

/** Sequences of RE2 tokens as one RE2 source in which common beginnings stand once. */
export class TokenTrie {
  readonly #root: Node = { next: new Map(), isEnd: false };

  get size(): number {
    return this.#root.next.size;
  }

  add(tokens: readonly string[]): void {
    let node = this.#root;
    for (const token of tokens) {
      let next = node.next.get(token);
      if (next === undefined) node.next.set(token, (next = { next: new Map(), isEnd: false }));
      node = next;
    }
    node.isEnd = true;
  }

  source(): string {
    return sourceOf(this.#root);
  }
}

function sourceOf(node: Node): string {
  if (node.isEnd) return '';
  const alternatives = [...node.next].map(([token, next]) => token + sourceOf(next));
  return alternatives.length === 1 ? (alternatives[0] ?? '') : `(?:${alternatives.join('|')})`;
}
