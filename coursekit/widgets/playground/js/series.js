// The curves' points: as many as a picture can show, however long the training runs.

const MOST = 500;

/** Rows of numbers [epoch, training loss, test loss, accuracies]; thinned out when they grow many. */
export class Series {
  constructor(most = MOST) {
    this.most = most;
    this.clear();
  }

  clear() {
    this.rows = [];
    this.stride = 1; // of how many rows one is kept
    this.seen = 0;
    this.last = null; // always there, kept or not
  }

  append(data, count, columns) {
    for (let k = 0; k < count; k++) {
      this.last = Array.from(data.subarray(k * columns, (k + 1) * columns));
      if (this.seen % this.stride === 0) this.rows.push(this.last);
      this.seen += 1;
      if (this.rows.length > this.most) {
        this.rows = this.rows.filter((_, n) => n % 2 === 0);
        this.stride *= 2;
      }
    }
  }

  /** The rows to draw, the newest included. */
  all() {
    return this.last && this.rows.at(-1) !== this.last ? [...this.rows, this.last] : this.rows;
  }
}
