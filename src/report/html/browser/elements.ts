/** Of what the page itself has made: that it is missing is a fault. */
export function byId<Type extends Element>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${id}`);
}

export function valueOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

export function checkedValues(form: HTMLFormElement, name: string): readonly string[] {
  return new FormData(form).getAll(name).filter((value) => typeof value === 'string');
}
