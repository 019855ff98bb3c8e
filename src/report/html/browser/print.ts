/** What is printed is whole: all rows, and everything that can be opened is. Afterwards the page is as it was. */
export function printsWhole(showAll: () => void): void {
  let opened: HTMLDetailsElement[] = [];
  const begin = (): void => {
    showAll();
    const closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of closed) details.open = true;
    opened = [...opened, ...closed];
  };
  const end = (): void => {
    for (const details of opened) details.open = false;
    opened = [];
  };
  window.addEventListener('beforeprint', begin);
  window.addEventListener('afterprint', end);
  // Where a page is made ready for paper without being printed.
  window.matchMedia('print').addEventListener('change', ({ matches }) => {
    if (matches) begin();
    else end();
  });
}
