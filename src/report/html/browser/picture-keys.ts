const STEPS: Readonly<Record<string, 'next' | 'previous' | 'first' | 'last'>> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
};

/** The parts of a picture are one stop of the Tab key; arrows, Home and End move between them (ARIA Authoring Practices, toolbar). */
export function movesByArrows(picture: HTMLElement): void {
  const parts = [...picture.querySelectorAll<HTMLElement>('button.part')];
  for (const [index, part] of parts.entries()) part.tabIndex = index === 0 ? 0 : -1;
  picture.addEventListener('focusin', ({ target }) => {
    for (const part of parts) part.tabIndex = part === target ? 0 : -1;
  });
  picture.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    // A part that is too small for its own button is left out.
    const seen = parts.filter((part) => part.offsetParent !== null);
    const at = seen.findIndex((part) => part === document.activeElement);
    const to = { next: at + 1, previous: at - 1, first: 0, last: seen.length - 1 }[step];
    const part = seen[(to + seen.length) % seen.length];
    if (part === undefined) return;
    event.preventDefault();
    part.focus();
  });
}
