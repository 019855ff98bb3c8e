/** Numbers of the records of one entry, shared by the readers that take parts of it. */
export class RecordNumbers {
  #last = 0;

  next(): number {
    return ++this.#last;
  }
}
